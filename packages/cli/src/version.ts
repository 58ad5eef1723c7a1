/** The version of this package; a test compares it with package.json. A constant keeps `--version` free of file access. */
export const version = "0.1.0";
