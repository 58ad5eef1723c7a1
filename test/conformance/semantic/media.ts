import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The rules of semantic.json that the media rib answers for, and the code that it reports. */
export const media: Readonly<Record<string, DiagnosticCode>> = {
  "media enabled without supported types": "NO_MEDIA_TYPES",
  "text part without text": "EMPTY_TEXT_PART",
  "image part without media": "MISSING_MEDIA",
  "media reference has no source": "MISSING_MEDIA_SOURCE",
  "MIME type does not fit the part type": "MIME_TYPE_MISMATCH",
  "media file_path is absolute": "ABSOLUTE_MEDIA_PATH",
  "media url is not http(s)": "UNSAFE_MEDIA_URL",
  "media url points at a link-local address": "UNSAFE_MEDIA_URL",
  "base64 data does not decode": "INVALID_BASE64",
  "two media examples share a name": "DUPLICATE_EXAMPLE",
};
