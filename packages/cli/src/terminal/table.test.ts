import { describe, expect, it } from "vitest";
import { createPaint } from "./paint.ts";
import { displayWidth, formatTable } from "./table.ts";

const plain = createPaint(false);

describe("formatTable", () => {
  it("aligns columns to the left and to the right, without trailing spaces", () => {
    const columns = [{ title: "name" }, { title: "count", align: "right" }, { title: "note" }] as const;
    expect(
      formatTable(
        columns,
        [
          ["a", "1", "x"],
          ["longer", "12", ""],
        ],
        plain,
      ),
    ).toBe(["  name    count  note", "  a           1  x", "  longer     12"].join("\n"));
  });

  it("leaves out columns without content", () => {
    expect(formatTable([{ title: "a" }, { title: "b" }], [["1", ""]], plain)).toBe("  a\n  1");
  });

  it("cuts long cells at their width", () => {
    expect(formatTable([{ title: "a", width: 4 }], [["abcdef"], ["abcd"]], plain)).toBe("  a\n  abc…\n  abcd");
  });

  it("counts wide and combining characters as a terminal does", () => {
    expect(displayWidth("日本")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("👍")).toBe(2);
    expect(
      formatTable(
        [{ title: "a" }, { title: "b" }],
        [
          ["日本", "x"],
          ["ab", "y"],
        ],
        plain,
      ),
    ).toBe("  a     b\n  日本  x\n  ab    y");
  });

  it("makes every cell harmless", () => {
    expect(formatTable([{ title: "a" }], [["x\n✔ signed\x1b[2J"]], plain)).toBe("  a\n  x\\n✔ signed\\u{1B}[2J");
  });

  it("pads before it paints", () => {
    const text = formatTable(
      [{ title: "a", ink: "cyan" }, { title: "b" }],
      [
        ["1", "x"],
        ["22", "y"],
      ],
      createPaint(true),
    );
    expect(text).toContain("\x1b[36m1 \x1b[39m  x");
  });
});
