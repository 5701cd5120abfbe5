/** Puts what was measured between its markers in a page. */
const start = "<!-- bench: what follows is written by `npm run bench` -->"
const end = "<!-- bench: end -->"

/** The page with `text` between the markers. Throws where it has none. */
export const withMeasured = (page: string, text: string): string => {
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error(`the page has no place for what was measured: ${start} … ${end}`)
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`
}
