/** Labels for what was found, made from its names. */
import type { Found } from "./formatDiscovery.ts"

/** A name as a label: what cannot be in one becomes a dash. */
const labelOf = ({ name, nativeId, type }: Found): string => {
  const text = (name ?? nativeId.split(/[/:]/).at(-1) ?? "").normalize("NFKD").replaceAll(/[^A-Za-z0-9_-]+/g, "-")
  const trimmed = text.replaceAll(/^-+|-+$/g, "").slice(0, 100)
  const kind = (type.split("::").at(-1) ?? "resource").toLowerCase()
  return trimmed === "" ? kind : /^[A-Za-z_]/.test(trimmed) ? trimmed : `${kind}-${trimmed}`
}

/** A label for each, none of which is taken: the one that it has already, or one that is made from its name. */
export const labelsFor = (
  found: ReadonlyArray<Found>,
  taken: ReadonlyArray<string>,
): ReadonlyArray<{ readonly label: string; readonly one: Found }> => {
  const used = new Set([...taken, ...found.flatMap(({ label }) => label ?? [])])
  return found.map((one) => {
    if (one.label !== undefined) return { label: one.label, one }
    const wanted = labelOf(one)
    let label = wanted
    for (let count = 2; used.has(label); count++) label = `${wanted}-${count}`
    used.add(label)
    return { label, one }
  })
}
