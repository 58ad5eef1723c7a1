import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64Bytes, decodedLength } from "./base64.ts";

const decode = (text: string): number[] | undefined => {
  const bytes = base64Bytes(text);
  return bytes && Array.from({ length: bytes.length }, (_, index) => bytes.at(index) ?? -1);
};

describe("base64Bytes", () => {
  it("gives back what an encoder wrote, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(decode(text)).toEqual([...bytes]);
        expect(decodedLength(text)).toBe(bytes.length);
      }),
    );
  });

  it("accepts a text exactly when encoding its bytes again gives the same text", () => {
    const alphabet = fc.constantFrom(...Array.from("AQgwz09+/=-_ \n%"));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        const canonical = Buffer.from(text, "base64").toString("base64") === text;
        expect(base64Bytes(text) !== undefined).toBe(canonical);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["@@@@", "QUI", "QUJD\n", "QUJD%%<script>", "QUJD====", "QQ=Q", "QR==", "QUK=", "QU_-", "===="])(
    "refuses %j",
    (text) => {
      expect(base64Bytes(text)).toBeUndefined();
    },
  );

  it("has no byte outside its length", () => {
    const bytes = base64Bytes("QUI=");
    expect([bytes?.at(-1), bytes?.at(0), bytes?.at(1), bytes?.at(2)]).toEqual([undefined, 0x41, 0x42, undefined]);
    expect(base64Bytes("")?.length).toBe(0);
  });
});
