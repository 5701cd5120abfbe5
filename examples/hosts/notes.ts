/** A plugin for the programs in this folder, linked into them: notes on a board, which is in memory. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Answer, definePlugin, defineResource, jsonText, Property, ProviderError } from "formae/plugin"

const texts = new Map<string, string>()

const note = (title: string, text: string) => ({
  nativeId: title,
  properties: { Title: title, Text: text, Url: `https://board.example/${title}` },
})

const find = (title: string) => {
  const text = texts.get(title)
  return text === undefined ? Effect.fail(ProviderError.of("NotFound", `${title} is gone`)) : Effect.succeed(text)
}

/** What the board has accepted, and when it will be done. */
const accepted = jsonText(
  "request id",
  Schema.Struct({ title: Schema.String, doneAt: Schema.Finite }),
  "UnforeseenError",
)

export const Note = defineResource({
  type: "Notes::Board::Note",
  properties: Schema.Struct({
    Title: Property.createOnly(Schema.NonEmptyString),
    Text: Schema.String,
    Url: Property.output(Schema.String),
  }),
  // How long the board takes to put up a note.
  target: Schema.Struct({ TakesMillis: Schema.Int }),
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ properties: { Text, Title }, target: { TakesMillis } }) {
    texts.set(Title, Text)
    if (TakesMillis === 0) return Answer.succeeded(note(Title, Text))
    const doneAt = (yield* Clock.currentTimeMillis) + TakesMillis
    return Answer.inProgress({ requestId: yield* accepted.write({ title: Title, doneAt }), nativeId: Title })
  }),
  status: Effect.fnUntraced(function* ({ requestId }) {
    const { doneAt, title } = yield* accepted.read(requestId)
    if ((yield* Clock.currentTimeMillis) < doneAt) return Answer.inProgress({ requestId, nativeId: title })
    return Answer.succeeded(note(title, yield* find(title)))
  }),
  read: ({ nativeId }) => Effect.map(find(nativeId), (text) => note(nativeId, text).properties),
  update: ({ desired: { Text, Title } }) =>
    Effect.sync(() => {
      texts.set(Title, Text)
      return Answer.succeeded(note(Title, Text))
    }),
  delete: ({ nativeId }) =>
    Effect.sync(() => {
      texts.delete(nativeId)
      return Answer.deleted(nativeId)
    }),
})

export const notes = definePlugin({ name: "notes", namespace: "Notes", version: "1.0.0", types: [Note] })
