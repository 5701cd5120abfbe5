/** Licenses of the packages that are shipped in a bundle or installed with it. */

/** A package and the terms that it is under. */
export interface Licensed {
  readonly name: string
  readonly version: string
  /** An SPDX expression, such as `MIT` or `(MIT OR Apache-2.0)`. Undefined if the package says none. */
  readonly license: string | undefined
  /** Its license and its notices, as it ships them. Empty if it ships none. */
  readonly text: string
}

/** Licenses that let everyone pass the code on, if they pass on the text of the license too. */
const permissive: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
])

const isPermissive = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((license) => permissive.has(license.trim())))

/** The packages whose license does not allow that they are shipped, as sentences. */
export const licenseObjections = (packages: ReadonlyArray<Licensed>): ReadonlyArray<string> =>
  packages.flatMap(({ license, name, version }) => {
    if (license === undefined) return [`${name} ${version} does not say its license`]
    return isPermissive(license) ? [] : [`${name} ${version} is licensed as ${license}, which is not on the list`]
  })

/** What package.json says about the license. Packages of before 2015 have a list. */
export const licenseIn = (manifest: {
  readonly license?: string | { readonly type?: string }
  readonly licenses?: ReadonlyArray<{ readonly type?: string }>
}): string | undefined => {
  const { license, licenses } = manifest
  if (typeof license === "string") return license
  return license?.type ?? licenses?.flatMap(({ type }) => type ?? []).join(" OR ")
}

/** What a README says under the heading License: all that some old packages say about it. */
export const licenseSection = (readme: string): string | undefined =>
  /^(?:#+ *licen[cs]e *#*|licen[cs]e *\n[=-]{3,})\n([^#]*)/im.exec(readme)?.[1]?.trim()

/** All packages with their licenses, each text once. */
export const formatLicenses = (packages: ReadonlyArray<Licensed>): string => {
  const byText = Map.groupBy(packages, ({ text }) => text)
  const parts = [...byText].map(([text, group]) => {
    const names = group.map(({ license, name, version }) => `${name} ${version} (${license})`)
    return `${names.join("\n")}\n\n${text === "" ? "The package has no file with the text of its license." : text}\n`
  })
  return `This bundle contains code of:\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`
}
