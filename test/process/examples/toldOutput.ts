/** Compares what a command prints with what a page says that it prints. */

/** What is another one each time: times, ids, paths, sizes, versions, and the spaces that depend on their lengths. */
const withoutChance = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z(?: \d+)?/g, "TIME")
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "ID")
    .replaceAll(/\bvpc-[\da-f]{17}\b/g, "vpc-ID")
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "DURATION")
    .replaceAll(/\bpid \d+/g, "pid PID")
    .replaceAll(/(?<![:\w."])\/[^\s),;]+/g, (path) => (path.split("/").length > 2 ? "PATH" : path))
    .replaceAll(/\b\d+\.\d+\.\d+\b/g, "VERSION")
    .replaceAll(/ {2,}(?=\S)/g, (spaces, at: number, whole: string) =>
      at === 0 || whole[at - 1] === "\n" ? spaces : "  ",
    )

/** The lines of `printed`, as a page tells them. A line `...` of the page stands for any number of lines. */
export const asTold = (printed: string, page: string): ReadonlyArray<string> => {
  const lines = withoutChance(printed).trimEnd().split("\n")
  const told = withoutChance(page).trimEnd().split("\n")
  if (printed === page || !told.includes("...")) return lines
  const shown: Array<string> = []
  let from = 0
  told.forEach((line, index) => {
    if (line === "...") {
      shown.push(line)
      const next = told[index + 1]
      const at = next === undefined ? lines.length : lines.indexOf(next, from)
      from = at === -1 ? lines.length : at
    } else {
      const found = lines[from]
      if (found !== undefined) shown.push(found)
      from++
    }
  })
  return [...shown, ...lines.slice(from)]
}
