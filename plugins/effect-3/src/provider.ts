/** What the operator asks of a resource type, and how other errors become failures of the provider. */
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { type ErrorCode, type JsonObject, ProviderError, type Recovery } from "./protocol.ts"

/** What every request says about its resource. */
export interface Subject {
  readonly operationId: string
  readonly targetConfig: JsonObject
  readonly nativeId?: string
}

/** The answer of the provider: the work is done, or it was accepted and goes on. */
export type Answer =
  | { readonly _tag: "Done"; readonly nativeId: string; readonly properties: JsonObject }
  | { readonly _tag: "Accepted"; readonly nativeId: string; readonly requestId: string }

export interface Page {
  readonly nativeIds: ReadonlyArray<string>
  readonly nextPageToken?: string
}

export interface ResourceType {
  readonly capabilities: JsonObject
  readonly create: (request: Subject & { readonly properties: JsonObject }) => Effect.Effect<Answer, ProviderError>
  readonly recover: (request: Subject & { readonly properties: JsonObject }) => Effect.Effect<Recovery, ProviderError>
  readonly read: (request: Subject & { readonly nativeId: string }) => Effect.Effect<Answer, ProviderError>
  readonly update: (
    request: Subject & { readonly nativeId: string; readonly desired: JsonObject },
  ) => Effect.Effect<Answer, ProviderError>
  readonly delete: (request: Subject & { readonly nativeId: string }) => Effect.Effect<Answer, ProviderError>
  readonly status: (request: Subject & { readonly requestId: string }) => Effect.Effect<Answer, ProviderError>
  readonly list: (
    request: Subject & { readonly pageToken?: string; readonly pageSize?: number },
  ) => Effect.Effect<Page, ProviderError>
}

export const fail = (code: ErrorCode, message: string) => Effect.fail(new ProviderError({ code, message }))

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  EACCES: "AccessDenied",
}

/** Runs work of Node. Its error codes become codes of the protocol. */
export const attempt = <A>(work: () => Promise<A>) =>
  Effect.tryPromise({
    try: work,
    catch: (cause) => {
      const { code = "", message } = cause as NodeJS.ErrnoException
      return new ProviderError({ code: codes[code] ?? "ServiceInternalError", message })
    },
  })

/** A decoder of requests, which fails with `InvalidRequest`. `subject` is what failures call the value. */
export const decoder = <A, I>(schema: Schema.Schema<A, I>, subject: string) => {
  const decode = Schema.decodeUnknown(schema, { onExcessProperty: "error" })
  return (value: unknown) =>
    Effect.mapError(
      decode(value),
      (error) =>
        new ProviderError({
          code: "InvalidRequest",
          message: ParseResult.ArrayFormatter.formatErrorSync(error)
            .map(({ message, path }) => [subject, ...path, message].join(": "))
            .join("; "),
        }),
    )
}
