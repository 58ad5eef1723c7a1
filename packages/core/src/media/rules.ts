import type { Report } from "../diagnostics/report.ts";
import { didYouMean, listNames, thereAre, unknownName } from "../diagnostics/suggest.ts";
import { appendPointer, formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { MediaConfig, MediaLimits, MultimodalExample } from "../schema/sections/media.ts";
import { checkInlineMedia, configuredTypes, maxBytesOf, PATH_FAULTS } from "./check-media-parts.ts";
import { mediaPathFault, mediaUrlFault } from "./check-media-source.ts";
import { isDetail, isMediaPart, toContentPart } from "./content-parts.ts";
import { formatNamed, parseMimeType } from "./mime-type.ts";

/** Reports media settings that contradict themselves and examples that no model could take. Source: R101-R117, RULINGS 24. */
export function checkMediaRules(pack: Pick<PackData, "prompts">, report: Report): void {
  for (const promptId in pack.prompts) {
    const media = pack.prompts[promptId]?.media;
    if (media === undefined) continue;
    const pointer = formatPointer("prompts", promptId, "media");
    checkTypes(media, pointer, report);
    for (const type of ["image", "video"] as const) checkFormats(type, media[type], `${pointer}/${type}`, report);
    const detail = media.image?.default_detail;
    if (detail !== undefined && !isDetail(detail)) {
      const message = `found "${detail}"; expected low, high or auto`;
      report("UNKNOWN_IMAGE_DETAIL", `${pointer}/image/default_detail`, message);
    }
    if (media.examples !== undefined) checkExamples(media.examples, media, `${pointer}/examples`, report);
  }
}

function checkTypes(media: MediaConfig, pointer: string, report: Report): void {
  const configured = configuredTypes(media);
  const { supported_types } = media;
  if (media.enabled && (supported_types ?? configured).length === 0) {
    report("NO_MEDIA_TYPES", pointer, "media are enabled, but no type is supported");
  } else if (supported_types === undefined && media.enabled) {
    report(
      "IMPLIED_MEDIA_TYPES",
      pointer,
      `supported_types is absent; the configured types count: ${listNames(configured)}`,
    );
  }
  if (supported_types === undefined) return;
  supported_types.forEach((type, index) => {
    if (configured.includes(type)) return;
    const message = `the type "${type}" has no configuration; ${thereAre(configured)}`;
    report("UNCONFIGURED_MEDIA_TYPE", `${pointer}/supported_types/${index}`, message, didYouMean(type, configured));
  });
  for (const type of configured) {
    if (supported_types.includes(type)) continue;
    const message = `"${type}" is configured but not among the supported types, so it is refused`;
    report("UNLISTED_MEDIA_TYPE", appendPointer(pointer, type), message, { atKey: true });
  }
}

// The guide closes the lists of these two types only (R107).
const KNOWN_FORMATS = {
  image: "jpeg png gif webp bmp tiff svg heic heif avif ico".split(" "),
  video: "mp4 webm mov avi mkv mpeg wmv flv 3gp m4v ogg".split(" "),
};

function checkFormats(type: "image" | "video", limits: MediaLimits | undefined, pointer: string, report: Report): void {
  limits?.allowed_formats?.forEach((name, index) => {
    if (KNOWN_FORMATS[type].includes(formatNamed(name, type))) return;
    const fault = unknownName(`${type} format`, name, KNOWN_FORMATS[type]);
    report("UNKNOWN_MEDIA_FORMAT", `${pointer}/allowed_formats/${index}`, ...fault);
  });
}

function checkExamples(
  examples: readonly MultimodalExample[],
  media: MediaConfig,
  pointer: string,
  report: Report,
): void {
  const names = new Map<string, number>();
  examples.forEach((example, index) => {
    const first = names.get(example.name);
    if (first === undefined) names.set(example.name, index);
    else {
      const related = [{ pointer: `${pointer}/${first}/name`, message: "the first of the two" }];
      report("DUPLICATE_EXAMPLE", `${pointer}/${index}/name`, `two examples are named "${example.name}"`, { related });
    }
    example.parts.forEach((part, at) => checkExamplePart(part, media, `${pointer}/${index}/parts/${at}`, report));
  });
}

function checkExamplePart(written: unknown, config: MediaConfig, pointer: string, report: Report): void {
  const part = toContentPart(written, pointer, report);
  if (part === undefined || !isMediaPart(part)) return;
  const { mime_type, base64, url, file_path } = part.media;
  const source = `${pointer}/media`;
  if (base64 !== undefined) {
    const mimeType = parseMimeType(mime_type);
    const maxBytes = maxBytesOf(config, part.type);
    if (mimeType !== undefined) checkInlineMedia(base64, mimeType, `${source}/base64`, report, { maxBytes });
  } else if (url !== undefined) {
    const fault = mediaUrlFault(url, { declaredOnly: true });
    if (fault !== undefined) report("UNSAFE_MEDIA_URL", `${source}/url`, fault);
  } else if (file_path !== undefined) {
    const fault = mediaPathFault(file_path);
    if (fault === undefined) return;
    // The schema's text allows absolute paths; a loader reads none (R117).
    if (fault === "absolute") report("ABSOLUTE_MEDIA_PATH", `${source}/file_path`, PATH_FAULTS.absolute);
    else {
      const severity = fault === "outside" ? "error" : "warning";
      report("UNSAFE_MEDIA_PATH", `${source}/file_path`, PATH_FAULTS[fault], { severity });
    }
  }
}
