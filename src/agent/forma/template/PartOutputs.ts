/** The outputs of parts, in the place of what refers to them: `{ $ref: net.vpcId }`, and `${net.vpcId}` in a text. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import { ownValue } from "../../../protocol/ownValue.ts"
import { expressionOf } from "../Expression.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { type LocatedText, type PlacedIssue, placeIssues } from "../LocatedText.ts"
import { knownNames } from "../nearestName.ts"
import { parseText, type TextPart } from "../TextTemplate.ts"
import { Allowance, fillLimits, tooDeep } from "./Allowance.ts"
import { textIn } from "./Needs.ts"
import { markedOnce, notInText, textOf, textOfValue, type ValueInText } from "./textOfValue.ts"

type Path = FormaIssue["path"]

/** The outputs of a part, as it writes them, and where they are. */
export interface OutputsOfPart extends Pick<LocatedText, "locate"> {
  readonly values: { readonly [name: string]: unknown }
}

/** A value, which may be undefined. */
interface Found {
  readonly value: unknown
}

/** Puts the outputs of parts in. A mistake in an output is said once, with its place in the part. */
export class PartOutputs {
  /** What is wrong in the outputs that were resolved. */
  readonly issues: Array<PlacedIssue> = []
  private readonly known = new Map<string, Found | "resolving" | undefined>()
  private readonly allowance = new Allowance()
  /** The outputs that are being resolved, and how deep the values around them are. */
  private readonly way: Array<string> = []
  private depth = 0
  private failures = 0
  private readonly outputs: ReadonlyMap<string, OutputsOfPart>

  /** By the names of the parts in the whole document. */
  constructor(outputs: ReadonlyMap<string, OutputsOfPart>) {
    this.outputs = outputs
  }

  private refuse(issues: Array<FormaIssue>, path: Path, message: string): undefined {
    this.failures += 1
    issues.push({ path, message })
    return undefined
  }

  /** The value of an output. Undefined where something is wrong in it, which is among the issues then. */
  resolve(part: string, output: string): Found | undefined {
    const name = `${part}.${output}`
    const known = this.known.get(name)
    if (known !== "resolving" && this.known.has(name)) {
      if (known === undefined) this.failures += 1
      return known
    }
    const { locate, values } = this.outputs.get(part) ?? { locate: () => undefined, values: {} }
    const wrong: Array<FormaIssue> = []
    const before = this.failures
    this.known.set(name, "resolving")
    this.way.push(name)
    const value = this.fill(ownValue(values, output), ["outputs", output], wrong)
    this.way.pop()
    this.issues.push(...placeIssues(wrong, locate))
    const found = this.failures === before ? { value } : undefined
    this.known.set(name, found)
    return found
  }

  /** Resolves an output for a place. Each output on the way to it is one more level of calls. */
  private resolveAt(part: string, output: string, path: Path, issues: Array<FormaIssue>): Found | undefined {
    const name = `${part}.${output}`
    if (this.known.get(name) === "resolving") {
      const circle = [...this.way.slice(this.way.indexOf(name)), name].join(" → ")
      return this.refuse(
        issues,
        path,
        `the outputs of parts refer to each other in a circle: ${circle}; take one of these references out`,
      )
    }
    if (this.depth + path.length > fillLimits.depth) return this.refuse(issues, path, tooDeep)
    this.depth += path.length
    const found = this.resolve(part, output)
    this.depth -= path.length
    return found
  }

  /** The output that names lead to, and what they lead to in it. */
  private valueOf(names: ReadonlyArray<string>, path: Path, issues: Array<FormaIssue>): Found | undefined {
    const [part = "", output = "", ...inside] = names
    const { values } = this.outputs.get(part) ?? { values: {} }
    if (!Object.hasOwn(values, output)) {
      const known = knownNames(output, "outputs", Object.keys(values))
      return this.refuse(issues, path, `the part ${part} has no output ${output}; ${known}`)
    }
    const found = this.resolveAt(part, output, path, issues)
    if (found === undefined) return undefined
    const value = valueInside(found.value, inside)
    if (value === undefined) {
      return this.refuse(
        issues,
        path,
        `the output ${output} of the part ${part} has nothing at ${inside.join(".")}; refer to the whole of it, or have the part give what is missing`,
      )
    }
    const objection = this.allowance.spend(value, path.length)
    return objection === undefined ? { value } : this.refuse(issues, path, objection)
  }

  private fillPart(part: TextPart, path: Path, issues: Array<FormaIssue>): ValueInText {
    const asItIs = { parts: [part], isSecret: false }
    if (part._tag === "Literal" || !this.outputs.has(part.path[0])) return asItIs
    const found = this.valueOf(part.path, path, issues)
    if (found === undefined) return asItIs
    const text = textOfValue(found.value)
    if (text === undefined) this.refuse(issues, path, notInText)
    return text ?? asItIs
  }

  /** A value at any depth, with the outputs of parts in it. */
  fill(value: unknown, path: Path, issues: Array<FormaIssue>): unknown {
    if (typeof value !== "object" || value === null) return value
    if (Array.isArray(value)) return value.map((item, index) => this.fill(item, [...path, index], issues))
    const text = textIn(value)
    if (text !== undefined) {
      const parsed = parseText(text)
      if (Result.isFailure(parsed)) return value
      const filled = parsed.success.map((part) => this.fillPart(part, [...path, "$text"], issues))
      return textOf(
        filled.flatMap(({ parts }) => parts),
        filled.some(({ isSecret }) => isSecret),
      )
    }
    const names = referenceIn(value)
    if (names !== undefined && this.outputs.has(names[0] ?? "")) return this.valueOf(names, path, issues)?.value
    return markedOnce(
      Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.fill(item, [...path, key], issues)])),
    )
  }
}

const referenceIn = (value: object): ReadonlyArray<string> | undefined => {
  if (!isRecord(value) || Object.keys(value).length > 1) return undefined
  const { $ref: said } = value
  if (typeof said !== "string") return undefined
  const read = expressionOf({ $ref: said })
  return read?._tag === "Reference" ? [read.label, ...read.property] : undefined
}

/** What a path leads to in a value, which may be a reference itself. Undefined where there is nothing. */
const valueInside = (value: unknown, path: ReadonlyArray<string>): unknown => {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (!isRecord(value)) return undefined
  const reference = referenceIn(value)
  if (reference !== undefined) return { $ref: [...reference, ...path].join(".") }
  if (Object.hasOwn(value, "$secret")) {
    const inside = valueInside(value["$secret"], path)
    return inside === undefined ? undefined : markedOnce({ $secret: inside })
  }
  return first.startsWith("$") ? undefined : valueInside(ownValue(value, first), rest)
}
