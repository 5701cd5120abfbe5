/** Which modules of the command write to the terminal, and how. */
import { importsOf, namesOf } from "./sources.ts"

const sink = "src/cli/Outputs.ts"

/** The console that is provided for libraries is the sink's own. */
const providesConsole = new Set(["src/cli/formae.ts"])

/** Its streams are those of a program that it has started: it reads them. */
const readsPrograms = new Set(["src/cli/npm/runNpm.ts"])

const writingModules = new Set(["effect/Console", "node:console", "node:process", "log-update", "node:tty"])
const writingNames = /^(?:console|process\.(?:stdout|stderr)|stdout|stderr|writeSync|writevSync)$/

/** What is wrong with how a module of the command prints, as sentences. */
export const terminalObjections = (file: string, source: string): ReadonlyArray<string> => {
  if (file === sink) return []
  const modules = importsOf(file, source).filter((module) => writingModules.has(module) && !providesConsole.has(file))
  const names =
    modules.length > 0
      ? []
      : namesOf(file, source).filter(
          (name) => writingNames.test(name) && !(readsPrograms.has(file) && /^std(?:out|err)$/.test(name)),
        )
  return [...new Set([...modules, ...names])].map(
    (way) => `${file} writes by ${way}: print with ${sink}, which makes everything visible`,
  )
}
