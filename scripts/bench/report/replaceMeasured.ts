const start = "<!-- bench: what follows is written by `npm run bench` -->"
const end = "<!-- bench: end -->"

/** The page with `text` in the place of what is between its markers. Throws if it does not have them. */
export const replaceMeasured = (page: string, text: string): string => {
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error(`the page has no place for what was measured: ${start} … ${end}`)
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`
}
