/** What AWS does and its emulators do not, put in front of them: without it a crash would be one that AWS does not know. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Call, Service, ServiceAnswer } from "./faultProxy.ts"

const CreatesTable = Schema.fromJsonString(
  Schema.Struct({ Tags: Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.String })) }),
)
const Created = Schema.fromJsonString(Schema.Struct({ TableDescription: Schema.Struct({ TableArn: Schema.String }) }))

export const target = ({ headers }: Pick<Call, "headers">): string =>
  String(headers["x-amz-target"] ?? "").replace(/^.*\./, "")

/** DynamoDB takes the tags of a table with its CreateTable, in one step. Dynalite passes over them. */
export const takesTagsWithTables = (dynalite: Service): Service =>
  Effect.fnUntraced(function* (call) {
    const answer = yield* dynalite(call)
    if (target(call) !== "CreateTable" || answer.status !== 200) return answer
    const { Tags } = yield* Effect.orDie(Schema.decodeEffect(CreatesTable)(call.body))
    const { TableDescription } = yield* Effect.orDie(Schema.decodeEffect(Created)(answer.body))
    const body = JSON.stringify({ ResourceArn: TableDescription.TableArn, Tags })
    const headers = {
      ...call.headers,
      "x-amz-target": "DynamoDB_20120810.TagResource",
      "content-length": `${body.length}`,
    }
    yield* dynalite({ ...call, headers, body })
    return answer
  })

/** S3 takes the tags of a bucket with its CreateBucket, in one step. Moto passes over them. */
export const takesTagsWithBuckets = (moto: Service): Service =>
  Effect.fnUntraced(function* (call) {
    const answer = yield* moto(call)
    const tags = /<Tags>.*<\/Tags>/s.exec(call.body)?.[0]
    if (tags === undefined || call.method !== "PUT" || answer.status !== 200) return answer
    const body = `<Tagging>${tags.replaceAll("Tags>", "TagSet>")}</Tagging>`
    const headers = { host: call.headers.host, authorization: call.headers.authorization }
    yield* moto({ ...call, url: `${call.url}?tagging`, headers, body })
    return answer
  })

const HasToken = Schema.fromJsonString(Schema.Struct({ clientToken: Schema.String }))
const hasToken = Schema.decodeUnknownOption(HasToken)

/** DSQL answers a create whose token it knows, also one that it is still busy with, with the cluster of the first. Moto makes another. */
export const knowsTokens = (moto: Service): Service => {
  const answers = new Map<string, Effect.Effect<ServiceAnswer>>()
  return Effect.fnUntraced(function* (call) {
    const token = call.method === "POST" && call.url === "/cluster" ? hasToken(call.body) : undefined
    if (token?._tag !== "Some") return yield* moto(call)
    const { clientToken } = token.value
    const asked = answers.get(clientToken) ?? (yield* Effect.cached(moto(call)))
    answers.set(clientToken, asked)
    const answer = yield* asked
    // What it could not make, it may be asked for again.
    if (answer.status >= 300) answers.delete(clientToken)
    return answer
  })
}
