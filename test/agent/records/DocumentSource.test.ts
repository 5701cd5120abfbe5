import { assert, describe, it } from "@effect/vitest"
import {
  decideName,
  DocumentConflict,
  type DocumentRecords,
  type DocumentSource,
  type KnownDocument,
} from "../../../src/agent/records/DocumentSource.ts"

const type = "Suite::Of::Thing"
const wants = (...labels: ReadonlyArray<string>) =>
  labels.map((label) => ({ label, type, properties: { Name: label, Of: { $ref: "net.Id" } } }))
const rows = (forma: string, ...labels: ReadonlyArray<string>) =>
  labels.map((label) => ({ forma, label, type, desired: { Name: label, Of: "net-1" } }))

const known = (forma: string, path: string | null, more: Partial<KnownDocument> = {}): KnownDocument => ({
  forma,
  path,
  relativePath: null,
  adoptedFrom: null,
  ...more,
})

const from = (path: string | null, more: Partial<DocumentSource> = {}): DocumentSource => ({
  path,
  relativePath: null,
  isNamed: false,
  resources: wants("net"),
  ...more,
})

/** As the file of `net.yaml`, `a.b.yaml` and so on is read. */
const file = (folder: string, name: string, earlier: string, more: Partial<DocumentSource> = {}) =>
  from(`/${folder}/${name}.yaml`, { earlier: { name: earlier, siblings: [] }, ...more })

interface Case {
  readonly name: string
  readonly source: DocumentSource
  readonly documents?: ReadonlyArray<KnownDocument>
  readonly resources?: DocumentRecords["resources"]
  readonly says: string
}

const net = file("a", "net", "net")
const dotted = file("a", "a.b", "a-b")
const dashed = { path: "/a/a-b.yaml", resources: wants("net") }
const besideDashed = (
  more: Partial<DocumentSource> = {},
  resources: DocumentSource["resources"] = dashed.resources,
): DocumentSource => from("/a/a.b.yaml", { earlier: { name: "a-b", siblings: [{ ...dashed, resources }] }, ...more })

const cases: Readonly<Record<string, Case>> = {
  "a state that knows nothing": { name: "net", source: net, says: "Known" },
  "the same file again": {
    name: "net",
    source: net,
    documents: [known("net", "/a/net.yaml")],
    resources: rows("net", "net"),
    says: "Known",
  },
  "a checkout that was moved with its state": {
    name: "net",
    source: { ...net, relativePath: "../net.yaml" },
    documents: [known("net", "/other/net.yaml", { relativePath: "../net.yaml" })],
    resources: rows("net", "net"),
    says: "Known",
  },
  "a file of the same name in another folder": {
    name: "net",
    source: { ...net, relativePath: "../net.yaml" },
    documents: [known("net", "/b/net.yaml", { relativePath: "../../b/net.yaml" })],
    resources: rows("net", "net"),
    says: "OtherPlace /b/net.yaml",
  },
  "a file of the same name once the other one has nothing left": {
    name: "net",
    source: net,
    documents: [known("net", "/b/net.yaml")],
    resources: rows("other", "net"),
    says: "Known",
  },
  "a file that was moved, as the user says": {
    name: "net",
    source: { ...net, hasMoved: true },
    documents: [known("net", "/b/net.yaml")],
    resources: rows("net", "net"),
    says: "Moved /b/net.yaml",
  },
  "a document in another folder that says its name": {
    name: "net",
    source: from("/a/other.yaml", { isNamed: true }),
    documents: [known("net", "/b/net.yaml")],
    resources: rows("net", "net"),
    says: "Moved /b/net.yaml",
  },
  "the same document through the pipe again": {
    name: "net",
    source: from(null, { isNamed: true }),
    documents: [known("net", null)],
    resources: rows("net", "net"),
    says: "Known",
  },
  "a file with the name of what came through a pipe": {
    name: "net",
    source: net,
    documents: [known("net", null)],
    resources: rows("net", "net"),
    says: "OtherPlace null",
  },
  "a file whose name differs from a stored one in capitals only": {
    name: "net",
    source: net,
    documents: [known("Net", "/a/Net.yaml")],
    resources: rows("Net", "net"),
    says: "SimilarName Net /a/Net.yaml",
  },
  "a document that says a name that differs from a stored one in its accents only": {
    name: "caf\u00e9",
    source: from("/a/x.yaml", { isNamed: true }),
    resources: rows("cafe\u0301", "net"),
    says: "SimilarName cafe\u0301 null",
  },
  "a document from a pipe, and a similar name": {
    name: "NET",
    source: from(null, { isNamed: true }),
    documents: [known("net", null)],
    resources: rows("net", "net"),
    says: "SimilarName net null",
  },
  "a document that was moved, as the user says, and a similar name": {
    name: "net",
    source: { ...net, hasMoved: true },
    documents: [known("Net", "/a/Net.yaml")],
    resources: rows("Net", "net"),
    says: "SimilarName Net /a/Net.yaml",
  },
  "two similar names that a state has already": {
    name: "net",
    source: net,
    documents: [known("Net", "/a/Net.yaml"), known("net", "/a/net.yaml")],
    resources: [...rows("Net", "net"), ...rows("net", "net")],
    says: "Known",
  },
  "a similar name that is not known to come from a document, and that a state has already": {
    name: "net",
    source: net,
    resources: [...rows("Net", "net"), ...rows("net", "net")],
    says: "Known",
  },
  "a similar name once nothing is left under it": {
    name: "net",
    source: net,
    documents: [known("Net", "/a/Net.yaml")],
    resources: rows("other", "net"),
    says: "Known",
  },
  "a file that was renamed in capitals only, once the user gives the stored name": {
    name: "Net",
    source: from("/a/net.yaml", { isNamed: true }),
    documents: [known("Net", "/a/Net.yaml")],
    resources: rows("Net", "net"),
    says: "Moved /a/Net.yaml",
  },
  "a name that 0.1.0 left as it was": { name: "net", source: net, resources: rows("net", "net"), says: "Known" },
  "a name that 0.1.0 had changed": { name: "a.b", source: dotted, resources: rows("a-b", "net"), says: "Adopt a-b" },
  "a changed name under which nothing is that the document wants": {
    name: "a.b",
    source: dotted,
    resources: rows("a-b", "other"),
    says: "Known",
  },
  "a changed name that a document says of itself": {
    name: "a.b",
    source: dotted,
    documents: [known("a-b", "/a/other.yaml")],
    resources: rows("a-b", "net"),
    says: "Known",
  },
  "a document that says its name, which 0.1.0 would have changed": {
    name: "a.b",
    source: from("/a/x.yaml", { isNamed: true }),
    resources: rows("a-b", "net"),
    says: "Known",
  },
  "a changed name while there are resources of its own": {
    name: "a.b",
    source: dotted,
    resources: [...rows("a.b", "net"), ...rows("a-b", "net")],
    says: "Known",
  },
  "a changed name that two files may have had": {
    name: "a.b",
    source: besideDashed(),
    resources: rows("a-b", "net", "more"),
    says: "SeveralOwners /a/a-b.yaml",
  },
  "the other one of these files": {
    name: "a-b",
    source: from("/a/a-b.yaml", {
      earlier: { name: "a-b", siblings: [{ path: "/a/a.b.yaml", resources: wants("net") }] },
    }),
    resources: rows("a-b", "net", "more"),
    says: "SeveralOwners /a/a.b.yaml",
  },
  "a changed name that the other file does not claim": {
    name: "a.b",
    source: besideDashed({}, wants("other")),
    resources: rows("a-b", "net", "more"),
    says: "Adopt a-b",
  },
  "a changed name whose resources are exactly as the document wants them, and not as the other one does": {
    name: "a.b",
    source: besideDashed({}, [{ label: "net", type, properties: { Name: "else" } }]),
    resources: rows("a-b", "net"),
    says: "Adopt a-b",
  },
  "a changed name whose resources are exactly as both want them": {
    name: "a.b",
    source: besideDashed(),
    resources: rows("a-b", "net"),
    says: "SeveralOwners /a/a-b.yaml",
  },
  "a name that was given up for another one": {
    name: "a-b",
    source: file("a", "a-b", "a-b"),
    documents: [known("a.b", "/a/a.b.yaml", { adoptedFrom: "a-b" })],
    resources: rows("a.b", "net"),
    says: "EarlierNameTaken /a/a.b.yaml",
  },
  "another name that 0.1.0 had changed to the same": {
    name: "a b",
    source: file("a", "a b", "a-b"),
    documents: [known("a.b", "/a/a.b.yaml", { adoptedFrom: "a-b" })],
    resources: rows("a.b", "net"),
    says: "EarlierNameTaken /a/a.b.yaml",
  },
  "a name that was given up, by a document that says it": {
    name: "a-b",
    source: from("/a/a-b.yaml", { isNamed: true }),
    documents: [known("a.b", "/a/a.b.yaml", { adoptedFrom: "a-b" })],
    resources: rows("a.b", "net"),
    says: "Known",
  },
  "the document that has adopted its resources": {
    name: "a.b",
    source: dotted,
    documents: [known("a.b", "/a/a.b.yaml", { adoptedFrom: "a-b" })],
    resources: rows("a.b", "net"),
    says: "Known",
  },
}

const inShort = (name: string, source: DocumentSource, records: DocumentRecords): string => {
  const decision = decideName(name, source, records)
  switch (decision._tag) {
    case "Known":
      return "Known"
    case "Adopt":
      return `Adopt ${decision.earlierName}`
    case "Moved":
      return `Moved ${decision.from}`
    case "Refuse": {
      const { reason } = decision
      switch (reason._tag) {
        case "OtherPlace":
          return `OtherPlace ${reason.knownPath}`
        case "SimilarName":
          return `SimilarName ${reason.knownForma} ${reason.knownPath}`
        case "EarlierNameTaken":
          return `EarlierNameTaken ${reason.owner}`
        case "SeveralOwners":
          return `SeveralOwners ${reason.others.join()}`
      }
    }
  }
}

describe("a document and the resources of its name", () => {
  it.each(Object.entries(cases))("%s", (_, { documents = [], name, resources = [], says, source }) => {
    assert.strictEqual(
      inShort(name, source, { documents, resources, formae: resources.map(({ forma }) => forma) }),
      says,
    )
  })
})

describe("a refused document", () => {
  const reason = {
    _tag: "SimilarName",
    forma: "net",
    path: "/a/net.yaml",
    knownForma: "Net",
    knownPath: "/a/Net.yaml",
  } as const

  it("is told which similar name the state has, and how to continue with either", () => {
    assert.strictEqual(
      new DocumentConflict({ reason }).message,
      `/a/net.yaml has the name net, and the state has resources of Net, from /a/Net.yaml. These names differ only in capitals or in how accents are written, and on some file systems their files are one. Nothing was changed. If it is the document of these resources, write "name: Net" into it. If it is another one, write "name:" and a name of its own into it, with other letters`,
    )
    assert.include(
      new DocumentConflict({ reason: { ...reason, path: null, knownPath: null } }).message,
      "a document without a file has the name net, and the state has resources of Net. These names",
    )
  })
})
