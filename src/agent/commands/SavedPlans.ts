/** Plans that are applied later, as they were shown. What they hold is locked with the key of their state. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import * as Struct from "effect/Struct"
import { formatTime } from "../../protocol/formatTime.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { ResourceResult } from "../apply/ResourceResult.ts"
import { decodeForma, type Forma } from "../forma/Forma.ts"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { PropertyChange } from "../plan/PropertyChange.ts"
import type { DocumentSource } from "../records/DocumentSource.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { agentVersion, schemaVersion } from "../version.ts"
import { PlanNotSaved, type SavedPlanReason, SavedPlanUnusable } from "./SavedPlanErrors.ts"

/** What `Agent.apply` needs to do later what a plan shows. */
export interface SavedPlan {
  /** The forma that was planned. It may hold secrets in clear. */
  readonly forma: Forma
  /** Where its document was read, as `CommandOptions.document`. */
  readonly document?: DocumentSource | undefined
  /** The resources of the plan's result, for `CommandOptions.expected`. */
  readonly resources: ReadonlyArray<ResourceResult>
  /** The outputs that it changes, for `CommandOptions.expectedOutputs`. Left out in a plan that was saved without them: then they are not compared. */
  readonly outputChanges?: ReadonlyArray<PropertyChange> | undefined
  /** The labels that it was limited to, as `CommandOptions.only`. Left out where it was not. */
  readonly only?: ReadonlyArray<string> | undefined
}

/**
 * Writes plans as text, and reads them again. The text says in clear which forma
 * was planned, when, and by which version of formae; everything else is locked
 * in the vault, so that only an agent on the same state can read it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Agent, type Forma, SavedPlans } from "formae/agent"
 *
 * const save = Effect.fn(function* (forma: Forma) {
 *   const agent = yield* Agent
 *   const plans = yield* SavedPlans
 *   const { outputChanges = [], resources } = yield* agent.plan(forma)
 *   return yield* plans.lock({ forma, resources, outputChanges })
 * })
 *
 * const applySaved = Effect.fn(function* (text: string) {
 *   const agent = yield* Agent
 *   const plans = yield* SavedPlans
 *   const { document, forma, only, outputChanges, resources } = yield* plans.open(text, "my plan")
 *   return yield* agent.apply(forma, { document, expected: resources, expectedOutputs: outputChanges, only })
 * })
 * ```
 */
export class SavedPlans extends Context.Service<
  SavedPlans,
  {
    /**
     * A plan as text. Fails with `PlanNotSaved` where a resource cannot be changed
     * or has an open operation, and with `VaultUnavailable` where it cannot be
     * locked.
     */
    readonly lock: (plan: SavedPlan) => Effect.Effect<string, PlanNotSaved | VaultUnavailable>
    /**
     * The plan that `lock` has written. `name` is how errors call it. Fails with
     * `SavedPlanUnusable` where it is none of this state, and with
     * `VaultUnavailable` where the key cannot be used.
     */
    readonly open: (text: string, name: string) => Effect.Effect<SavedPlan, SavedPlanUnusable | VaultUnavailable>
  }
>()("formae/agent/commands/SavedPlans") {
  /** Locks them in the vault of the state. */
  static readonly layer: Layer.Layer<SavedPlans, never, Vault> = Layer.effect(
    SavedPlans,
    Effect.gen(function* () {
      const vault = yield* Vault
      const proofOfKey = Effect.map(vault.mac(salt, proven), Base64.encode)

      /** A key that is not there, or is another one, is that of another state. One that cannot be used says what to do. */
      const refusalOf = (error: VaultUnavailable, state: string) =>
        Effect.gen(function* () {
          if (error.remedy !== undefined) return error
          const proof = Option.getOrUndefined(Result.getSuccess(Base64.decode(state)))
          const isOwn = proof !== undefined && (yield* vault.fits(proof, salt, proven))
          if (!isOwn) return otherState
          const isNewest = state === (yield* Effect.orElseSucceed(proofOfKey, () => state))
          return isNewest ? damaged : keyChanged
        })

      return SavedPlans.of({
        lock: Effect.fnUntraced(function* ({ document, forma, only, outputChanges, resources }) {
          const inTheWay = resources.flatMap(({ error, label, openOperation }) =>
            error === null && openOperation === undefined ? [] : [{ label, error: error?.message ?? null }],
          )
          if (inTheWay.length > 0) return yield* new PlanNotSaved({ forma: forma.name, resources: inTheWay })
          const source = document === undefined ? null : Struct.omit(document, ["resources"])
          const content = yield* Effect.orDie(
            encodeContent({ forma, document: source, resources, outputChanges, only }),
          )
          const madeAt = formatTime(yield* Clock.currentTimeMillis)
          const envelope: typeof Envelope.Type = {
            // An earlier version would apply the whole of a plan that is limited.
            formaePlan: only === undefined ? 1 : format,
            schemaVersion,
            agentVersion: SemVer.format(agentVersion),
            forma: forma.name,
            madeAt,
            state: yield* proofOfKey,
            locked: yield* vault.lock(content),
          }
          return `${JSON.stringify(envelope, null, 2)}\n`
        }),
        open: Effect.fnUntraced(function* (text, name) {
          const refuse = (reason: SavedPlanReason) => new SavedPlanUnusable({ plan: name, reason })
          const header = decodeHeader(text)
          if (header._tag === "Some" && header.value.formaePlan > format) {
            return yield* refuse({ _tag: "LaterVersion", agentVersion: header.value.agentVersion ?? null })
          }
          const envelope = decodeEnvelope(text)
          if (envelope._tag === "None") return yield* refuse(damaged)
          const { locked, state } = envelope.value
          const opened = yield* Effect.catch(vault.openNewest(locked), (error) =>
            Effect.flatMap(refusalOf(error, state), (reason) =>
              Effect.fail(reason._tag === "VaultUnavailable" ? reason : refuse(reason)),
            ),
          )
          const content = decodeContent(opened)
          if (content._tag === "None") return yield* refuse(damaged)
          const { document, only, outputChanges, resources } = content.value
          const forma = yield* Effect.mapError(decodeForma(content.value.forma), () => refuse(damaged))
          return {
            forma,
            resources,
            ...(outputChanges === undefined ? {} : { outputChanges }),
            ...(only === undefined ? {} : { only }),
            ...(document === null ? {} : { document: { ...document, resources: forma.resources } }),
          }
        }),
      })
    }),
  )
}

/** The format of the text. Goes up when an earlier version could not read it. */
const format = 2

const damaged: SavedPlanReason = { _tag: "Damaged" }
const otherState: SavedPlanReason = { _tag: "OtherState" }
const keyChanged: SavedPlanReason = { _tag: "KeyChanged" }

const encoder = new TextEncoder()
const salt = encoder.encode("formae saved plan")
const proven = encoder.encode("this state")

const Header = Schema.Struct({ formaePlan: Schema.Int, agentVersion: Schema.optionalKey(Schema.String) })

const Envelope = Schema.Struct({
  /** First, because it is by this that the text is known. */
  formaePlan: Schema.Literals([1, format]),
  /** For who reads the rest. Plans of before 0.3.0 have none. */
  schemaVersion: Schema.optionalKey(Schema.Int),
  agentVersion: Schema.String,
  forma: Schema.String,
  madeAt: Schema.String,
  /** Shows which key it is locked with. */
  state: Schema.String,
  locked: Schema.String,
})

const Wanted = Schema.Struct({
  label: Schema.String,
  type: Schema.String,
  properties: Schema.optional(JsonObject),
})

const Sibling = Schema.Struct({ path: Schema.String, resources: Schema.Array(Wanted) })

/** What the document wants is in the forma. */
const Source = Schema.Struct({
  path: Schema.NullOr(Schema.String),
  relativePath: Schema.NullOr(Schema.String),
  isNamed: Schema.Boolean,
  earlier: Schema.optional(Schema.Struct({ name: Schema.String, siblings: Schema.Array(Sibling) })),
  hasMoved: Schema.optional(Schema.Boolean),
})

const Content = Schema.fromJsonString(
  Schema.Struct({
    forma: FormaDocument,
    document: Schema.NullOr(Source),
    resources: Schema.Array(ResourceResult),
    outputChanges: Schema.optional(Schema.Array(PropertyChange)),
    only: Schema.optional(Schema.Array(Schema.String)),
  }),
)

const encodeContent = Schema.encodeEffect(Content)
const decodeContent = Schema.decodeOption(Content)
const decodeHeader = Schema.decodeUnknownOption(Schema.fromJsonString(Header))
const decodeEnvelope = Schema.decodeUnknownOption(Schema.fromJsonString(Envelope))

/** Whether a text is a saved plan, or was one before it was damaged. */
export const isSavedPlan = (text: string): boolean => /^\s*\{\s*"formaePlan"\s*:/.test(text)
