/** A label as chats and the filter show it. */
export interface Label {
  readonly id: string;
  /** Null where Texter does not know the label any more, or can’t be asked. */
  readonly name: string | null | undefined;
  /** #RRGGBB, or null. */
  readonly color: string | null | undefined;
}

/** What to call a label. */
export const textOf = ({ id, name }: Label) => name ?? id;

/**
 * The color of text on a color like #RRGGBB: black or white, whichever has more contrast. That is
 * always above 4.5, the least of WCAG 2.
 */
export function inkOn(color: string): "#000000" | "#ffffff" {
  const channels = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  const luminance = channels.reduce((sum, channel, i) => sum + weights[i]! * linear(channel), 0);
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
}

/** How much red, green and blue add to the luminance. */
const weights = [0.2126, 0.7152, 0.0722];

/** How much light a channel of sRGB gives, from 0 to 1. */
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
