/** Which things an import is asked for: the one that is named, or all that a query finds. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Agent, Forma, ThingToImport } from "../../agent/index.ts"
import { namespaceKey, NativeId, ResourceType } from "../../protocol/index.ts"
import { failedUnlessUnknown } from "../agentFailures.ts"
import { badInput, CommandFailure, exitCodes } from "../CommandFailure.ts"
import { type Found, isFound } from "./formatDiscovery.ts"
import { labelsFor } from "./labelsFor.ts"
import { queryOf } from "./queryFlag.ts"

/** How things are named. */
export interface ThingFlags {
  readonly label: Option.Option<string>
  readonly type: Option.Option<string>
  readonly nativeId: Option.Option<string>
  readonly target: Option.Option<string>
  readonly query: ReadonlyArray<string>
  readonly ofType: ReadonlyArray<string>
}

const decodeType = Schema.decodeUnknownOption(ResourceType)
const decodeId = Schema.decodeUnknownOption(NativeId)

/** The target that is named, or the only one of the plugin. */
const targetFor = Effect.fnUntraced(function* (forma: Forma, type: string, named: string | undefined) {
  if (named !== undefined) return named
  const namespace = namespaceKey(type.split("::")[0] ?? "")
  const own = Object.keys(forma.targets).filter(
    (name) => namespaceKey(forma.targets[name]?.namespace ?? "") === namespace,
  )
  const [only, ...more] = own
  if (only !== undefined && more.length === 0) return only
  return yield* badInput(
    "TargetUnclear",
    own.length === 0
      ? `The document has no target for ${type}. Write one into it, under "targets"`
      : `The document has several targets for ${type}: ${own.join(", ")}. Say which with --target`,
  )
})

const usage = badInput(
  "ImportUnclear",
  'An import needs a label, a type and a native id, as in "formae import net AWS::EC2::VPC vpc-0a1b --into shop.yaml", or --query',
)

const byQuery = Effect.fnUntraced(function* (agent: Agent["Service"], forma: Forma, flags: ThingFlags) {
  const query = yield* queryOf(flags.query)
  const at = Option.getOrUndefined(flags.target)
  const failures: Array<Parameters<ReturnType<typeof isFound>>[0]> = []
  const found: ReadonlyArray<Found> = yield* Stream.runCollect(
    Stream.filter(
      agent.discover({
        targets: forma.targets,
        // Also without one: what is read has a name, from which a label is made.
        query: query ?? {},
        into: { forma: forma.name, labels: forma.resources.map(({ label }) => label) },
        ...(at === undefined ? {} : { at: [at] }),
        ...(flags.ofType.length === 0 ? {} : { types: flags.ofType }),
      }),
      isFound(failures as never),
    ),
  ).pipe(Effect.mapError(failedUnlessUnknown))
  const [failure] = failures
  if (failure?._tag === "Failed") {
    const { error, target, type } = failure
    const where = [target, type ?? ""].filter((part) => part !== "").join(" ")
    const way = flags.ofType.length === 0 ? ". Name the types with --type" : ""
    const message = `Nothing was imported, because not everything could be listed: ${where}: ${error.message}${way}`
    return yield* new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: error.code, message } })
  }
  if (found.length === 0) return yield* badInput("NothingFound", "Nothing was found that no document has")
  const taken = forma.resources.map(({ label }) => label)
  return labelsFor(found, taken).map(({ label, one: { nativeId, target, type } }) => ({
    label,
    nativeId,
    target,
    type,
  }))
})

/** The things, with their labels. */
export const thingsToImport = Effect.fnUntraced(function* (
  agent: Agent["Service"],
  forma: Forma,
  flags: ThingFlags,
): Effect.fn.Return<ReadonlyArray<ThingToImport>, CommandFailure> {
  const [label, type, nativeId] = [flags.label, flags.type, flags.nativeId].map(Option.getOrUndefined)
  const hasNames = label !== undefined || type !== undefined || nativeId !== undefined
  if (flags.query.length > 0 || flags.ofType.length > 0) {
    return hasNames ? yield* usage : yield* byQuery(agent, forma, flags)
  }
  const [decodedType, decodedId] = [decodeType(type), decodeId(nativeId)]
  if (label === undefined || Option.isNone(decodedType) || Option.isNone(decodedId)) return yield* usage
  const target = yield* targetFor(forma, decodedType.value, Option.getOrUndefined(flags.target))
  return [{ label, type: decodedType.value, nativeId: decodedId.value, target }]
})
