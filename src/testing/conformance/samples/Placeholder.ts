/** What stands for something else in a text of a sample: `{{unique}}`, `{{number}}`, `{{folder}}`. */

/** Its first group is the name, which may be none of the known ones. */
export const placeholder = /\{\{\s*(\w*)\s*\}\}/g
export const placeholders = ["unique", "number", "folder"] as const
export type Placeholder = (typeof placeholders)[number]

export const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name)
