/** Asks for the values of parameters that have none, if somebody is there who can answer. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import type { GivenParameter, Parameter } from "../../agent/index.ts"
import { printProgress } from "../Outputs.ts"
import { askLine, canAsk } from "../Question.ts"

const questionFor = ({ allowed, description, name, secret, type }: Parameter): ReadonlyArray<string> => [
  `The parameter ${name} has no value${description === undefined ? "" : `: ${description}`}`,
  ...(allowed === undefined || secret === true
    ? []
    : [`It may be ${allowed.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(", ")}`]),
  `Type it (${type}${secret === true ? ", not shown" : ""}), and press Enter:`,
]

/** What is typed up to Enter. Undefined where it is ended otherwise, such as by Ctrl-C. */
const readHidden = (question: ReadonlyArray<string>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const terminal = yield* Terminal.Terminal
      // The terminal shows nothing from here on; only then somebody is asked.
      const input = yield* terminal.readInput
      yield* printProgress(...question)
      let typed: ReadonlyArray<string> = []
      while (true) {
        const pressed = yield* Effect.option(Queue.take(input))
        if (Option.isNone(pressed)) return undefined
        const { input: characters, key } = pressed.value
        if (key.name === "return" || key.name === "enter") return typed.join("")
        if (key.name === "backspace") typed = typed.slice(0, -1)
        else if (Option.isSome(characters) && !key.ctrl && !key.meta) typed = [...typed, characters.value]
      }
    }),
  )

/** Adds to the values that are given those that somebody types. Nothing but Enter is no value. */
export const askParameters = Effect.fnUntraced(function* (
  declared: ReadonlyArray<Parameter>,
  given: ReadonlyArray<GivenParameter>,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, never, Stdio.Stdio | Terminal.Terminal> {
  const names = new Set(given.map(({ name }) => name))
  const missing = declared.filter((one) => one.default === undefined && !names.has(one.name))
  if (missing.length === 0) return given
  if (!(yield* canAsk)) return given
  const answers: Array<GivenParameter> = []
  for (const parameter of missing) {
    const question = questionFor(parameter)
    const value = yield* parameter.secret === true ? readHidden(question) : askLine(question)
    if (value === undefined || value === "") break
    answers.push({ name: parameter.name, value, isText: true, from: "the terminal" })
  }
  return [...given, ...answers]
})
