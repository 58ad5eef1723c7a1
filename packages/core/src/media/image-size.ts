import type { Bytes } from "./base64.ts";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the size in pixels that the header of a png, gif, bmp, webp or jpeg claims, or undefined when it shows none. */
export function imageSize(bytes: Bytes, format: string): ImageSize | undefined {
  switch (format) {
    case "png":
      return sizeAt(big(bytes, 16, 4), big(bytes, 20, 4));
    case "gif":
      return sizeAt(little(bytes, 6, 2), little(bytes, 8, 2));
    case "bmp":
      // A negative height means that the rows run downwards.
      return sizeAt(little(bytes, 18, 4), Math.abs(little(bytes, 22, 4) | 0));
    case "webp":
      return webpSize(bytes);
    case "jpeg":
      return jpegSize(bytes);
    default:
      return undefined;
  }
}

function webpSize(bytes: Bytes): ImageSize | undefined {
  const chunk = big(bytes, 12, 4);
  if (chunk === 0x56503858) return sizeAt(little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1); // VP8X
  if (chunk === 0x56503820) return sizeAt(little(bytes, 26, 2) & 0x3fff, little(bytes, 28, 2) & 0x3fff); // VP8
  if (chunk !== 0x5650384c) return undefined; // VP8L: 14 bits each, after one byte of signature
  const bits = little(bytes, 21, 4);
  return sizeAt((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function jpegSize(bytes: Bytes): ImageSize | undefined {
  let offset = 2;
  while (offset + 9 <= bytes.length && bytes.at(offset) === 0xff) {
    const marker = bytes.at(offset + 1) ?? 0;
    if (marker === 0xff) {
      offset += 1; // fill byte
      continue;
    }
    // A start of frame, unless it is one of the three tables in the same range.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return sizeAt(big(bytes, offset + 7, 2), big(bytes, offset + 5, 2));
    }
    offset += 2 + Math.max(2, big(bytes, offset + 2, 2));
  }
  return undefined;
}

const sizeAt = (width: number, height: number): ImageSize => ({ width, height });

function big(bytes: Bytes, offset: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + (bytes.at(offset + index) ?? 0);
  return value;
}

function little(bytes: Bytes, offset: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index--) value = value * 256 + (bytes.at(offset + index) ?? 0);
  return value;
}
