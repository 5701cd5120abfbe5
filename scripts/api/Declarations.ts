/** The declarations of src/ as the package ships them, as a program that can be asked about its symbols. */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { API, type Project, type Symbol } from "typescript/unstable/sync"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The public entry points, by what follows `formae/` in an import, with their modules in src/. */
const entryModules = {
  agent: "agent/index",
  control: "control/client",
  plugin: "plugin/index",
  "plugin/seal": "plugin/seal",
  protocol: "protocol/index",
  testing: "testing/index",
}

export type EntryName = keyof typeof entryModules

export const entryNames: ReadonlyArray<EntryName> = ["agent", "control", "plugin", "plugin/seal", "protocol", "testing"]

export interface Declarations {
  readonly project: Project
  /** The symbol of an entry point. */
  readonly moduleOf: (entry: EntryName) => Symbol
  /** The source file from which a symbol comes, as a path below the root; undefined if it is not one of ours. */
  readonly sourceOf: (symbol: Symbol) => string | undefined
}

/** Emits the declarations, gives them to `use`, and removes them. They lie where a user's would: below node_modules. */
export const withDeclarations = <A>(use: (declarations: Declarations) => A): A => {
  const cache = join(root, "node_modules", ".cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "declarations-"))
  const api = new API({ cwd: root })
  try {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
    // Whether the sources have mistakes is not asked here, and each further checker would find out the same types again.
    const short = ["--emitDeclarationOnly", "--noCheck", "--checkers", "1"]
    const flags = ["--project", "tsconfig.build.json", ...short, "--outDir", folder]
    execFileSync(process.execPath, [compiler, ...flags], { cwd: root, stdio: ["ignore", "inherit", "inherit"] })

    const config = join(folder, "tsconfig.json")
    const files = entryNames.map((name) => `${entryModules[name]}.d.ts`)
    writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), include: [], files }))
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (project === undefined) throw new Error(`TypeScript does not open ${config}`)

    const moduleOf = (entry: EntryName) => {
      const file = project.program.getSourceFile(join(folder, `${entryModules[entry]}.d.ts`))
      const symbol = file && project.checker.getSymbolAtLocation(file)
      if (symbol === undefined) throw new Error(`${entry} is not a module`)
      return symbol
    }
    const sourceOf = (symbol: Symbol) => {
      const path = relative(folder, symbol.declarations[0]?.resolve(project)?.getSourceFile().fileName ?? "/")
      return path.startsWith("..")
        ? undefined
        : `src/${path
            .split(sep)
            .join("/")
            .replace(/\.d\.ts$/, ".ts")}`
    }
    return use({ project, moduleOf, sourceOf })
  } finally {
    api.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
