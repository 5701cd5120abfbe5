/** How a plugin answered a call whose frame was written by hand. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { FromServerEncoded } from "effect/rpc/RpcMessage"
import { type Finding, mismatch } from "../report/Finding.ts"
import { show } from "../report/show.ts"

export type Answer =
  | { readonly _tag: "Value"; readonly value: unknown }
  | { readonly _tag: "Error"; readonly error: unknown }
  | { readonly _tag: "Died"; readonly defect: string }
  | { readonly _tag: "Interrupted" }
  | { readonly _tag: "Unreadable"; readonly frame: string }

export const readAnswer = (frame: Extract<FromServerEncoded, { readonly _tag: "Exit" }>): Answer => {
  if (frame.exit._tag === "Success") return { _tag: "Value", value: frame.exit.value ?? null }
  const [first]: ReadonlyArray<unknown> = frame.exit.cause
  if (Predicate.isTagged(first, "Fail") && Predicate.hasProperty(first, "error")) {
    return { _tag: "Error", error: first.error }
  }
  if (Predicate.isTagged(first, "Die") && Predicate.hasProperty(first, "defect")) {
    return { _tag: "Died", defect: show(first.defect) }
  }
  return Predicate.isTagged(first, "Interrupt")
    ? { _tag: "Interrupted" }
    : { _tag: "Unreadable", frame: `an Exit whose cause is none of Fail, Die and Interrupt: ${show(first)}` }
}

/** An answer in words. */
export const describeAnswer = (answer: Answer): string => {
  switch (answer._tag) {
    case "Value":
      return `a Success with ${show(answer.value)}`
    case "Error":
      return `a failure: ${show(answer.error)}`
    case "Died":
      return `a defect: ${show(answer.defect)}`
    case "Interrupted":
      return "an interrupt"
    case "Unreadable":
      return answer.frame
  }
}

const messageOf = (error: unknown): string =>
  Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : ""

/** Whether a call failed with an error of this tag, and its message. */
export const expectRefusal = (tag: string, answer: Answer): Effect.Effect<string, Finding> =>
  answer._tag === "Error" && Predicate.isTagged(answer.error, tag) && messageOf(answer.error) !== ""
    ? Effect.succeed(messageOf(answer.error))
    : Effect.fail(mismatch(`the failure ${tag} with a message`, describeAnswer(answer)))

/** Whether a Read was answered at all: with its end, or with one of its errors. */
export const expectAnswer = (answer: Answer): Effect.Effect<void, Finding> =>
  answer._tag === "Value" || answer._tag === "Error"
    ? Effect.void
    : Effect.fail(mismatch("an answer to a Read", describeAnswer(answer)))
