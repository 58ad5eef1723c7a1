import { InputError, type Pack, renderTemplate } from "promptpack";

/** Characters that the templates of one pack may still come to. */
export interface RenderRoom {
  left: number;
}

/** hostile: a hundred bytes of fragments make four million characters, in each of thousands of prompts. */
export const renderRoom = (): RenderRoom => ({ left: 16 * 1024 * 1024 });

/** Returns what is rendered, or undefined for a template that does not render; takes what it cost from the room. */
export function renderWithin(room: RenderRoom, render: () => string): string | undefined {
  try {
    const text = render();
    room.left -= text.length;
    return text;
  } catch (error) {
    // hostile: what fails may have come a long way before
    room.left -= InputError.isInstance(error) && error.code === "OUTPUT_TOO_LARGE" ? 4 * 1024 * 1024 : 256 * 1024;
    return undefined;
  }
}

/** Returns a template with its fragments, or the template itself when that cannot be told or there is no room left. */
export function rendered(
  template: string,
  { fragments = {}, template_engine: { syntax } }: Pick<Pack["data"], "fragments" | "template_engine">,
  room: RenderRoom,
): string {
  if (room.left < 0) return template;
  return (
    renderWithin(room, () => renderTemplate(template, { syntax, fragments, missing: "keep", extra: "ignore" })) ??
    template
  );
}
