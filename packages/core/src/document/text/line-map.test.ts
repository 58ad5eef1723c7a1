import { describe, expect, it } from "vitest";
import { createLineMap } from "./line-map.ts";

describe("createLineMap", () => {
  it("ends lines at \\n, \\r\\n and \\r", () => {
    const lines = createLineMap("a\nb\r\nc\rd");
    expect(
      [0, 1, 2, 3, 4, 5, 6, 7].map(
        (offset) => `${lines.span(offset, offset).start.line}:${lines.span(offset, offset).start.column}`,
      ),
    ).toEqual(["1:1", "1:2", "2:1", "2:2", "2:3", "3:1", "3:2", "4:1"]);
  });

  it("counts UTF-16 code units, as editors do", () => {
    expect(createLineMap("😀x", "f").span(2, 3)).toEqual({
      file: "f",
      start: { offset: 2, line: 1, column: 3 },
      end: { offset: 3, line: 1, column: 4 },
    });
  });
});
