/** Documents with parameters, for tests. */
import * as Effect from "effect/Effect"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import { readText } from "../../../../src/agent/forma/LocatedText.ts"
import type { DocumentInputs } from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { evaluateTemplate } from "../../../../src/agent/forma/template/evaluateTemplate.ts"

/** A document with one resource. Its properties begin in line 5, column 15; what comes after them in line 6. */
export const documentOf = (properties: string, ...more: ReadonlyArray<string>) =>
  [
    "targets: { cloud: { namespace: FakeAWS } }",
    "resources:",
    "  - { label: it, type: FakeAWS::S3::Bucket, target: cloud,",
    "      properties:",
    `              ${properties} }`,
    ...more,
    "",
  ].join("\n")

/** The properties of the only resource, before anything else checks them. */
export const evaluated = <E = never>(text: string, inputs: DocumentInputs<E> = {}) =>
  Effect.gen(function* () {
    const { value } = yield* evaluateTemplate(yield* Effect.fromResult(readText(text)), inputs)
    const { resources } = value as { readonly resources: ReadonlyArray<{ readonly properties: unknown }> }
    return resources[0]?.properties
  })

/** The properties of the only resource. */
export const propertiesOf = <E = never>(text: string, inputs: DocumentInputs<E> = {}) =>
  Effect.map(readForma(text, "file", inputs), ({ forma }) => forma.resources[0]?.properties)

/** What is wrong, each mistake with its position. */
export const mistakesIn = (text: string, inputs: DocumentInputs = {}) =>
  Effect.map(Effect.flip(readForma(text, "file", inputs)), ({ message }) => message.split("\n"))

/** Of these variables. */
export const variables = (values: Readonly<Record<string, string>>): DocumentInputs => ({
  variable: (name) => values[name],
})
