/** The labels of resources whose replacement is created first: no document can have them. */

const suffix = / \(replaced(?: (\d+))?\)$/u

/** The label whose resource replaces the one under this label. Undefined for labels of documents. */
export const replacedLabelOf = (label: string): string | undefined =>
  suffix.test(label) ? label.replace(suffix, "") : undefined

/** How many of a label were replaced before and with the one under this label: 0 for labels of documents. */
export const replacementOf = (label: string): number => {
  const match = suffix.exec(label)
  return match === null ? 0 : Number(match[1] ?? 1)
}

/** The label for what is replaced now: after those that were replaced before and are still there. */
export const labelForOld = (label: string, taken: ReadonlyArray<string>): string => {
  const before = taken.filter((one) => replacedLabelOf(one) === label).map(replacementOf)
  const count = Math.max(0, ...before) + 1
  return `${label} (replaced${count === 1 ? "" : ` ${count}`})`
}
