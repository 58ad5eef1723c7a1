/** A MIME type in lower case, without its parameters. */
export interface MimeType {
  /** Such as "image". */
  readonly type: string;
  /** Such as "png". */
  readonly subtype: string;
  /** Such as "image/png". */
  readonly essence: string;
}

// type "/" subtype, then parameters: ";" name "=" token or quoted text
const MIME_TYPE =
  /^([a-z0-9][a-z0-9!#$&^_.+-]*)\/([a-z0-9][a-z0-9!#$&^_.+-]*)(?:[ \t]*;[ \t]*[a-z0-9!#$&^_.+-]+=(?:[a-z0-9!#$&^_.+-]+|"[ !#-[\]-~]*"))*[ \t]*$/i;
const MAX_LENGTH = 255;

/** Returns the MIME type that a text writes, or undefined when it is none. Source: RFC 6838, RFC 9110 8.3.1. */
export function parseMimeType(text: string): MimeType | undefined {
  // hostile: a MIME type ends up in data: URLs and headers
  const match = text.length > MAX_LENGTH ? null : MIME_TYPE.exec(text);
  const type = match?.[1]?.toLowerCase();
  const subtype = match?.[2]?.toLowerCase();
  return type === undefined || subtype === undefined ? undefined : { type, subtype, essence: `${type}/${subtype}` };
}

/** Returns the one name of a MIME type's format: image/jpeg and image/jpg are "jpeg". Source: R107. */
export function formatOf({ type, subtype }: Pick<MimeType, "type" | "subtype">): string {
  const plain = subtype.startsWith("x-") ? subtype.slice(2) : subtype;
  return meant(`${type}/${plain}`) ?? meant(plain) ?? plain;
}

/** Returns the one name of a format as packs list it: "JPG", ".jpg" and "image/jpeg" are "jpeg". */
export function formatNamed(name: string, partType: string): string {
  const mime = parseMimeType(name);
  if (mime !== undefined) return formatOf(mime);
  const lower = name.toLowerCase();
  return formatOf({ type: partType, subtype: lower.startsWith(".") ? lower.slice(1) : lower });
}

// Name of the format: the subtypes and extensions that mean it. One with a slash holds for that type only.
const FORMATS: { readonly [format: string]: string } = {
  jpeg: "jpg pjpeg jpe",
  tiff: "tif",
  svg: "svg+xml",
  ico: "vnd.microsoft.icon icon",
  bmp: "ms-bmp",
  mp3: "audio/mpeg audio/mpeg3 mpeg3",
  m4a: "audio/mp4",
  wav: "wave vnd.wave pn-wav",
  aac: "aacp",
  ogg: "oga ogv",
  aiff: "aif",
  wma: "audio/ms-wma ms-wma",
  mov: "quicktime qt",
  mkv: "matroska",
  avi: "msvideo vnd.avi",
  wmv: "ms-wmv",
  mpeg: "mpg",
  "3gp": "3gpp",
  txt: "plain text",
  md: "markdown",
  html: "htm xhtml+xml",
  yaml: "yml",
  rtf: "richtext",
  doc: "msword",
  docx: "vnd.openxmlformats-officedocument.wordprocessingml.document",
  xls: "vnd.ms-excel",
  xlsx: "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ppt: "vnd.ms-powerpoint",
  pptx: "vnd.openxmlformats-officedocument.presentationml.presentation",
  odt: "vnd.oasis.opendocument.text",
  ods: "vnd.oasis.opendocument.spreadsheet",
  odp: "vnd.oasis.opendocument.presentation",
  epub: "epub+zip",
};

let aliases: ReadonlyMap<string, string> | undefined;

function meant(subtype: string): string | undefined {
  aliases ??= new Map(
    Object.entries(FORMATS).flatMap(([format, names]) => names.split(" ").map((name) => [name, format] as const)),
  );
  return aliases.get(subtype);
}
