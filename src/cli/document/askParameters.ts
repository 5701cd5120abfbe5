/** Asks for the values of parameters that have none, if somebody is there who can answer. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import type { GivenParameter, MissingParameter, Parameter } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { printProgressLines, stderrWidth } from "../Outputs.ts"
import { askLine, canAsk, foldedTo } from "../Question.ts"

/** What is asked first. */
export const questionFor = (parameter: Parameter): ReadonlyArray<string> => {
  const { allowed, description, name, secret } = parameter
  const listed = allowed?.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(", ")
  return [
    `The parameter ${name} has no value${description === undefined ? "" : `: ${description}`}`,
    ...(listed === undefined || secret === true ? [] : [`It may be ${listed}`]),
    askingFor(parameter),
  ]
}

const askingFor = ({ secret, type }: Pick<Parameter, "secret" | "type">, again = ""): string =>
  `Type it ${again}(${type}${secret === true ? ", not shown" : ""}), and press Enter:`

/** What is typed up to Enter. Undefined where it is ended otherwise, such as by Ctrl-C. */
const readHidden = (question: ReadonlyArray<string>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const terminal = yield* Terminal.Terminal
      // The terminal shows nothing from here on; only then somebody is asked.
      const input = yield* terminal.readInput
      yield* printProgressLines(foldedTo(question, yield* stderrWidth))
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

/** How often somebody may answer before the command is refused. */
const attempts = 3

const isEmpty = "Nothing was typed."

/** The answer, which may still be wrong: then it is the last one that was given. Undefined where there is none. */
const askOne = Effect.fnUntraced(function* (
  parameter: MissingParameter,
): Effect.fn.Return<string | undefined, CommandFailure, Terminal.Terminal> {
  const { secret } = parameter
  const ask = (question: ReadonlyArray<string>) => (secret === true ? readHidden(question) : askLine(question))
  let question = questionFor(parameter)
  let value: string | undefined
  for (let attempt = 1; attempt <= attempts; attempt++) {
    value = yield* ask(question)
    if (value === undefined) return yield* notAnswered(parameter.name)
    const objection = value === "" ? isEmpty : objectionIn(parameter, value)
    if (objection === undefined) return value
    question = [objection, askingFor(parameter, "again ")]
  }
  return value === "" ? undefined : value
})

const objectionIn = ({ objectionTo }: MissingParameter, value: string): string | undefined => {
  const objection = objectionTo(value)
  return objection === undefined ? undefined : `The value ${objection}.`
}

const notAnswered = (name: string) =>
  badInput("ParameterNotAnswered", `Nothing was done, because there was no answer for the parameter ${name}`)

/** The values that somebody types. None where nobody could answer, or where nothing was typed. */
export const askParameters = Effect.fnUntraced(function* (
  missing: ReadonlyArray<MissingParameter>,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, CommandFailure, Stdio.Stdio | Terminal.Terminal> {
  if (!(yield* canAsk)) return []
  const answers: Array<GivenParameter> = []
  for (const parameter of missing) {
    const value = yield* askOne(parameter)
    if (value === undefined) break
    answers.push({ name: parameter.name, value, isText: true, from: "the terminal" })
    if (parameter.objectionTo(value) !== undefined) break
  }
  return answers
})
