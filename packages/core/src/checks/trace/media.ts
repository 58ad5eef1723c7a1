import { type BindCheck, type Params, verdict, whole } from "../check.ts";
import type { MediaRecord } from "../evidence.ts";

/** Every medium of the kind must hold; none at all fails. */
function onMedia(kind: string, holds: (medium: MediaRecord, params: Params) => boolean): BindCheck {
  return (params) =>
    whole(({ evidence }) => {
      const media = (evidence.media ?? []).filter(({ mime_type }) => mime_type.startsWith(`${kind}/`));
      return verdict(
        media.length > 0 && media.every((medium) => holds(medium, params)),
        media.length === 0 ? `there is no ${kind}` : `a medium of kind ${kind} is not as expected`,
      );
    });
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

const format = (kind: string): BindCheck =>
  onMedia(kind, ({ mime_type }, params) =>
    (params["formats"] as readonly string[]).some((wanted) => formatOf(wanted) === formatOf(mime_type)),
  );

export const imageFormat: BindCheck = format("image");
export const audioFormat: BindCheck = format("audio");

export const imageDimensions: BindCheck = onMedia("image", fits);

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

export const videoResolution: BindCheck = onMedia("video", (medium, params) => {
  const presets = params["presets"] as readonly string[] | undefined;
  return (
    fits(medium, params) &&
    (presets?.some((name) => Object.hasOwn(HEIGHTS, name) && HEIGHTS[name] === medium.height) ?? true)
  );
});

const duration = (kind: string): BindCheck =>
  onMedia(kind, ({ seconds }, params) => between(seconds, params["min_seconds"], params["max_seconds"]));

export const audioDuration: BindCheck = duration("audio");
export const videoDuration: BindCheck = duration("video");

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
