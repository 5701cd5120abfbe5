/** The texts of modules that a message can be made of, as patterns of what is printed. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseProgram, root, typescript } from "../architecture/sources.ts"

/** A text of a module, and a pattern of what is printed where it is used. */
export interface MessageText {
  readonly file: string
  readonly text: string
  readonly pattern: RegExp
}

/** The modules that refuse a document, or say why a part of one is refused: found by what they make their refusals of. */
export const refusingModules = (): ReadonlyArray<string> =>
  typescript("src/agent/forma", "src/agent/plan", "src/cli/document")
    .concat("src/cli/DocumentFile.ts")
    .filter(
      (file) =>
        file.startsWith("src/agent/forma/") ||
        /\b(FormaIssue|PlacedIssue|FileRefused|FormaInvalid)\b|\bbadInput\(|TaggedError/.test(
          readFileSync(join(root, file), "utf8"),
        ),
    )
    .toSorted()

/** Two words with a space between them: what is shorter is a key or a part of another text. */
const isSentence = (fixed: string) => /[a-z]['"]?,? ['"]?[a-z]/i.test(fixed)

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

const hasType = (node: unknown): node is { readonly type: string } =>
  typeof node === "object" && node !== null && "type" in node && typeof node.type === "string"

/** The fixed parts of a text with values in it. */
const quasisOf = (node: object): ReadonlyArray<string> =>
  "quasis" in node && Array.isArray(node.quasis)
    ? node.quasis.map((one: { readonly value: { readonly cooked: string } }) => one.value.cooked)
    : []

const fixedIn = (node: { readonly type: string }): ReadonlyArray<string> => {
  if (node.type === "TemplateLiteral") return quasisOf(node)
  return node.type === "Literal" && "value" in node && typeof node.value === "string" ? [node.value] : []
}

/** Names of modules and services are not printed. */
const isName = (fixed: ReadonlyArray<string>) => fixed.length === 1 && /^[\w./@:-]+$/.test(fixed[0] ?? "")

export const messageTexts = (file: string): ReadonlyArray<MessageText> => {
  const found: Array<MessageText> = []
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return
    if (hasType(node)) {
      if (node.type.startsWith("TS") || node.type === "ImportDeclaration") return
      const fixed = fixedIn(node)
      if (!isName(fixed) && fixed.some(isSentence)) {
        found.push({ file, text: fixed.join("…"), pattern: new RegExp(fixed.map(escaped).join("[^]*?")) })
      }
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseProgram(file, readFileSync(join(root, file), "utf8")))
  return found
}
