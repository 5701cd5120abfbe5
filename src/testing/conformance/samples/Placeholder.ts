/** What stands for something else in the texts of a sample: `{{unique}}`, `{{number}}`, `{{folder}}`. */

/** The first group is the name, which may be an unknown one. */
export const placeholder = /\{\{\s*(\w*)\s*\}\}/g
export const placeholders = ["unique", "number", "folder"] as const
export type Placeholder = (typeof placeholders)[number]

export const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name)
