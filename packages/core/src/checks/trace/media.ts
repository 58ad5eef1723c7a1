import { type CheckType, type ParamKind, type Params, verdict, whole } from "../check.ts";
import type { MediaRecord } from "../evidence.ts";

/** Every medium of the kind must hold; none at all fails. */
function onMedia(
  kind: string,
  params: { readonly [name: string]: ParamKind },
  holds: (medium: MediaRecord, params: Params) => boolean,
): CheckType {
  return {
    guards: false,
    params,
    needs: [Object.keys(params)],
    bind: (bound) =>
      whole(({ evidence }) => {
        const media = (evidence.media ?? []).filter(({ mime_type }) => mime_type.startsWith(`${kind}/`));
        return verdict(
          media.length > 0 && media.every((medium) => holds(medium, bound)),
          media.length === 0 ? `there is no ${kind}` : `a medium of kind ${kind} is not as expected`,
        );
      }),
  };
}

const SAME: { readonly [name: string]: string } = {
  jpg: "jpeg",
  mpeg: "mp3",
  "x-wav": "wav",
  wave: "wav",
  "svg+xml": "svg",
};

function formatOf(name: string): string {
  const plain = name.toLowerCase().replace(/^.*\//, "");
  return Object.hasOwn(SAME, plain) ? (SAME[plain] as string) : plain;
}

const format = (kind: string): CheckType =>
  onMedia(kind, { formats: "texts" }, ({ mime_type }, params) =>
    (params["formats"] as readonly string[]).some((wanted) => formatOf(wanted) === formatOf(mime_type)),
  );

export const imageFormat: CheckType = format("image");
export const audioFormat: CheckType = format("audio");

const SIZES = {
  width: "count",
  height: "count",
  min_width: "count",
  max_width: "count",
  min_height: "count",
  max_height: "count",
} as const;

export const imageDimensions: CheckType = onMedia("image", SIZES, fits);

const HEIGHTS: { readonly [name: string]: number } = {
  "480p": 480,
  sd: 480,
  "720p": 720,
  hd: 720,
  "1080p": 1080,
  fhd: 1080,
  full_hd: 1080,
  "1440p": 1440,
  "2k": 1440,
  qhd: 1440,
  "2160p": 2160,
  "4k": 2160,
  uhd: 2160,
  "4320p": 4320,
  "8k": 4320,
};

export const videoResolution: CheckType = onMedia("video", { ...SIZES, presets: "texts" }, (medium, params) => {
  const presets = params["presets"] as readonly string[] | undefined;
  return (
    fits(medium, params) &&
    (presets?.some((name) => Object.hasOwn(HEIGHTS, name) && HEIGHTS[name] === medium.height) ?? true)
  );
});

const duration = (kind: string): CheckType =>
  onMedia(kind, { min_seconds: "score", max_seconds: "score" }, ({ seconds }, params) =>
    between(seconds, params["min_seconds"], params["max_seconds"]),
  );

export const audioDuration: CheckType = duration("audio");
export const videoDuration: CheckType = duration("video");

function fits({ width, height }: MediaRecord, params: Params): boolean {
  return (
    between(width, params["width"] ?? params["min_width"], params["width"] ?? params["max_width"]) &&
    between(height, params["height"] ?? params["min_height"], params["height"] ?? params["max_height"])
  );
}

/** An unknown size passes only where no bound is given. */
function between(found: number | undefined, min: unknown, max: unknown): boolean {
  if (min === undefined && max === undefined) return true;
  return found !== undefined && !(typeof min === "number" && found < min) && !(typeof max === "number" && found > max);
}
