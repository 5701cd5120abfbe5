/** The lines that the command prints. Colors are added where they are written, after their texts were made visible. */

/** What a part of a line says, which decides its color. */
export type Style = "created" | "updated" | "replaced" | "deleted" | "failed" | "quiet"

/** A part of a line. Newlines in it are shown, not written. */
export interface Span {
  readonly text: string
  readonly style?: Style | undefined
}

/** A text, which may quote what others say in several lines, or the parts of one line. */
export type Line = string | ReadonlyArray<Span>

/** A part of a line as it is, or in the color of a style. */
export const span = (text: string, style?: Style): Span => (style === undefined ? { text } : { text, style })
