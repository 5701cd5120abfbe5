import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ListPage } from "../../src/protocol/Operation.ts"
import * as Answer from "../../src/plugin/Answer.ts"
import { cutPages, knownTokens } from "../../src/plugin/ListPages.ts"

interface Asked {
  readonly pageSize?: number
  readonly pageToken?: string
}

/** A service that returns three ids at a time, however many are requested, and accepts any token. */
const makeService = () => {
  const asked: Array<string | undefined> = []
  const list = ({ pageToken }: Asked) =>
    Effect.sync(() => {
      asked.push(pageToken)
      return pageToken === undefined
        ? Answer.page({ nativeIds: ["a", "b", "c"], nextPageToken: "more" })
        : Answer.page({ nativeIds: ["d", "e"] })
    })
  return { asked, list }
}

type List = (asked: Asked) => Effect.Effect<ListPage, Answer.ProviderError>

const walk = Effect.fnUntraced(function* (list: List, size: Asked) {
  const pages: Array<ReadonlyArray<string>> = []
  let token: Asked = {}
  while (true) {
    const page = yield* list({ ...size, ...token })
    pages.push(page.nativeIds)
    if (page.nextPageToken === undefined) return pages
    token = { pageToken: page.nextPageToken }
  }
})

const cut: ReadonlyArray<readonly [size: Asked, pages: Array<Array<string>>]> = [
  [
    {},
    [
      ["a", "b", "c"],
      ["d", "e"],
    ],
  ],
  [{ pageSize: 1 }, [["a"], ["b"], ["c"], ["d"], ["e"]]],
  [{ pageSize: 2 }, [["a", "b"], ["c"], ["d", "e"]]],
  [
    { pageSize: 3 },
    [
      ["a", "b", "c"],
      ["d", "e"],
    ],
  ],
  [
    { pageSize: 1000 },
    [
      ["a", "b", "c"],
      ["d", "e"],
    ],
  ],
]

describe("pages", () => {
  it.effect.each(cut)("are no longer than requested: %j", ([size, expected]) =>
    Effect.gen(function* () {
      for (const wrap of [cutPages, (list: List) => cutPages(knownTokens(list))]) {
        const { asked, list } = makeService()
        assert.deepEqual(yield* walk(wrap(list), size), expected)
        assert.deepEqual(asked, [undefined, "more"], "each page of the service is fetched once")
      }
    }),
  )

  it.effect("keep the handler's own tokens if there is nothing to cut", () =>
    Effect.gen(function* () {
      const { list } = makeService()
      assert.strictEqual((yield* cutPages(list)({ pageSize: 3 })).nextPageToken, "more")
    }),
  )

  it.effect.each(["more", "", "{}", "7", `{"rest":[]}`, `{"next":7}`])("are refused for the token %j", (pageToken) =>
    Effect.gen(function* () {
      const { asked, list } = makeService()
      const { code, message } = yield* Effect.flip(cutPages(knownTokens(list))({ pageToken }))
      assert.strictEqual(code, "InvalidRequest")
      assert.match(message, /^page token: /)
      assert.deepEqual(asked, [])
    }),
  )
})
