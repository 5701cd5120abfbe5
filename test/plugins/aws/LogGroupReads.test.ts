/** Log groups that are read side by side. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

interface Input {
  readonly limit: number
  readonly logGroupNamePrefix?: string
}

const { read } = operationsOf("AWS::Logs::LogGroup")

/** A service with these log groups, in the order of their names, and pages of `mostInPage`. It refuses to list those that begin with `refused`. */
const makeLogs = (names: ReadonlyArray<string>, { mostInPage = 50, refused = "none" } = {}) => {
  const asked: Array<Input> = []
  const describeLogGroups = (input: Input) => {
    const { limit, logGroupNamePrefix: prefix = "" } = input
    asked.push(input)
    if (prefix === refused) throw serviceError("AccessDeniedException")
    const all = names.toSorted().filter((name) => name.startsWith(prefix))
    const page = all.slice(0, Math.min(limit, mostInPage))
    return {
      logGroups: page.map((logGroupName) => ({ logGroupName, arn: `arn:${logGroupName}:*` })),
      ...(page.length < all.length && { nextToken: "more" }),
    }
  }
  return { asked, layer: layerFake({ logs: { describeLogGroups, listTagsForResource: () => ({ tags: {} }) } }) }
}

const readAll = (names: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(names, (name) => Effect.result(read(name)), { concurrency: "unbounded" }),
    (found) => found.map((one) => (Result.isFailure(one) ? one.failure.code : one.success["LogGroupName"])),
  )

describe("log groups that are read side by side", () => {
  it.effect("are one page of the names that begin as theirs do", () => {
    const { asked, layer } = makeLogs(["/other/1", "/shop/api", "/shop/apple", "/shop/web"])
    return Effect.gen(function* () {
      const wanted = ["/shop/api", "/shop/gone", "/shop/web"]
      assert.deepStrictEqual(yield* readAll(wanted), ["/shop/api", "NotFound", "/shop/web"])
      assert.deepStrictEqual(asked, [{ limit: 50, logGroupNamePrefix: "/shop/" }])
    }).pipe(Effect.provide(layer))
  })

  it.effect("may begin in different ways, or one as another one is named", () => {
    const { asked, layer } = makeLogs(["a", "ab", "b"])
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* readAll(["a", "b"]), ["a", "b"])
      assert.deepStrictEqual(yield* readAll(["ab", "a"]), ["ab", "a"])
      assert.deepStrictEqual(asked, [{ limit: 50 }, { limit: 50, logGroupNamePrefix: "a" }])
    }).pipe(Effect.provide(layer))
  })

  it.effect("are read one by one where they are not on a page that has not all, and none is taken for missing", () => {
    const { asked, layer } = makeLogs(["x1", "x2", "x3", "x4"], { mostInPage: 2 })
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* readAll(["x2", "x4", "x5"]), ["x2", "x4", "NotFound"])
      assert.deepStrictEqual(
        asked.map(({ logGroupNamePrefix }) => logGroupNamePrefix),
        ["x", "x4", "x5"],
      )
    }).pipe(Effect.provide(layer))
  })

  it.effect("are read one by one where others that begin as they do may not be listed", () => {
    const { layer } = makeLogs(["/shop/api", "/shop/web"], { refused: "/shop/" })
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* readAll(["/shop/api", "/shop/web"]), ["/shop/api", "/shop/web"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("are asked for by name where one is read alone", () => {
    const { asked, layer } = makeLogs(["/shop/api", "/shop/api2"])
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* readAll(["/shop/api"]), ["/shop/api"])
      assert.deepStrictEqual(asked, [{ limit: 1, logGroupNamePrefix: "/shop/api" }])
    }).pipe(Effect.provide(layer))
  })
})
