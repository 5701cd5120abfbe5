import { assert, beforeAll, describe, it } from "@effect/vitest"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { API } from "typescript/unstable/sync"
import { withDeclarations } from "../../scripts/api/Declarations.ts"
import { type EntryPoint, type PublicMember, publicApiOf, type PublicSymbol } from "../../scripts/api/PublicApi.ts"
import { unexportedTypesOf } from "../../scripts/api/unexportedTypes.ts"
import { root } from "./npm.ts"

/** The longest type, in characters, that can be taken in at a glance. */
const maxTypeLength = 500

describe("what an editor shows of the package", () => {
  let entries: ReadonlyArray<EntryPoint>
  let unexported: ReadonlyArray<string>

  beforeAll(() => {
    withDeclarations((declarations) => {
      entries = publicApiOf(declarations)
      unexported = unexportedTypesOf(declarations)
    })
  }, 60_000)

  const found = (
    ofSymbol: (symbol: PublicSymbol) => boolean,
    ofMember: (member: PublicMember) => boolean,
  ): ReadonlyArray<string> => [
    ...new Set(
      entries.flatMap(({ symbols }) =>
        symbols.flatMap((symbol) => [
          ...(ofSymbol(symbol) ? [`${symbol.source}: ${symbol.name}`] : []),
          ...symbol.members
            .filter((member) => ofMember(member))
            .map(({ name, source }) => `${source}: ${symbol.name}.${name}`),
        ]),
      ),
    ),
  ]

  it("has each entry point of the package", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    assert.sameMembers(Object.keys(exports), [...entries.map(({ name }) => `./${name}`), "./package.json"])
  })

  it("has all that is exported", () => {
    const names = entries.flatMap(({ name, symbols }) => symbols.map((symbol) => `${name} ${symbol.name}`))
    assert.includeMembers(names, [
      "agent Agent",
      "agent Store.layerFile",
      "control layerRemote",
      "plugin Answer.succeeded",
      "plugin/seal isSealed",
      "protocol Progress",
      "testing testPlugin",
    ])
    const agent = entries.flatMap(({ symbols }) => symbols).find(({ name }) => name === "Agent")
    assert.strictEqual(agent?.kind, "service")
    assert.includeMembers(agent?.members.map(({ name }) => name) ?? [], ["apply", "events", "layer", "layerNoDeps"])
  })

  it("has docs for each symbol and each member", () => {
    assert.deepEqual(
      found(
        ({ docs }) => docs.text === "",
        ({ docs, isPlain }) => docs.text === "" && !isPlain,
      ),
      [],
    )
  })

  it("exports each type that it names", () => {
    assert.deepEqual(unexported, [])
  })

  it("has no type that is a page long", () => {
    const isLong = ({ typeLength }: { readonly typeLength: number }) => typeLength > maxTypeLength
    assert.deepEqual(found(isLong, isLong), [])
  })

  it("has examples that the compiler accepts", { timeout: 60_000 }, () => {
    const examples = entries.flatMap(({ symbols }) =>
      symbols.flatMap(({ docs, members, name }) =>
        [docs, ...members.map((member) => member.docs)].flatMap((one) =>
          one.examples.map((text) => ({ name, code: /^```ts\n([\s\S]*)\n```$/.exec(text)?.[1] ?? text })),
        ),
      ),
    )
    assert.isAbove(examples.length, 5)
    assert.deepEqual(mistakesIn(examples), [])
  })
})

/** Checks programs as those of a host that has installed the package. */
const mistakesIn = (programs: ReadonlyArray<{ readonly name: string; readonly code: string }>) => {
  const cache = join(root, "node_modules", ".cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "examples-"))
  const api = new API({ cwd: root })
  try {
    const files = programs.map(({ name }, index) => `${index}-${name}.ts`)
    for (const [index, file] of files.entries()) writeFileSync(join(folder, file), programs[index]?.code ?? "")
    const config = join(folder, "tsconfig.json")
    const compilerOptions = { noUnusedLocals: false }
    writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, include: [], files }))
    const program = api.updateSnapshot({ openProjects: [config] }).getProject(config)?.program
    return files.flatMap((file) => {
      const path = join(folder, file)
      const found = [
        ...(program?.getSyntacticDiagnostics(path) ?? []),
        ...(program?.getSemanticDiagnostics(path) ?? []),
      ]
      return found.map(({ text }) => `${file}: ${text}`)
    })
  } finally {
    api.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
