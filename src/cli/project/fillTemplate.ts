/** Puts values into a file of a template. Pure. */

/** Files in whose texts a backslash and a quote have a meaning. In TypeScript texts are written as in JSON. */
const hasEscapes = /\.(?:json|ts)$/

/** `__name__` in `text` stands for the value `name`, as it is written in a file with the name `file`. What has no value stays. */
export const fillTemplate = (file: string, text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/__(\w+?)__/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return hasEscapes.test(file) ? JSON.stringify(value).slice(1, -1) : value
  })
