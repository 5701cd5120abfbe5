/** Links of the pages in a package. */
import { dirname, normalize } from "node:path/posix"

/** A link of Markdown, except to a place on the same page. Its parts: what precedes the target, the target, its fragment. */
const link = /(\]\()([^)#\s]+)((?:#[^)\s]*)?)/g

const codeBlocks = /^```[^]*?^```/gm

const isRelative = (target: string): boolean => !URL.canParse(target)

const resolve = (page: string, target: string): string => normalize(`${dirname(page)}/${target}`)

/** The page with links that lead into the repository at the tag of the version. A registry shows a page without what is beside it. */
export const withAbsoluteLinks = (page: string, text: string, repository: string, version: string): string => {
  const base = `${repository.replace(/^git\+/, "").replace(/\.git$/, "")}/blob/v${version}`
  const blocks: ReadonlyArray<string> = text.match(codeBlocks) ?? []
  const prose = text
    .split(codeBlocks)
    .map((part) =>
      part.replaceAll(link, (whole, before: string, target: string, fragment: string) =>
        isRelative(target) ? `${before}${base}/${resolve(page, target)}${fragment}` : whole,
      ),
    )
  return prose.map((part, index) => `${part}${blocks[index] ?? ""}`).join("")
}

/** The links that lead to nothing in the package, as sentences. */
export const linkObjections = (page: string, text: string, paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...text.replaceAll(codeBlocks, "").matchAll(link)].flatMap(([, , target = ""]) => {
    if (!isRelative(target)) return []
    const path = resolve(page, target)
    const leads = paths.some((one) => one === path || one.startsWith(`${path.replace(/\/$/, "")}/`))
    return leads ? [] : [`${page} links to ${target}, which is not in the package`]
  })
