/** What is measured: formae, and what people would use instead. */
export interface Entrant {
  readonly name: string
  readonly title: string
  /** The URL of a module that exports `start`, a `Start`. */
  readonly module: string
  /** What has to be there before it starts: the packages of the peers, or the plugins in bundles. */
  readonly needs?: "peers" | "plugins"
}

const module = (path: string): string => new URL(path, import.meta.url).href

/** What calls are compared with. */
export const floor: Entrant = { name: "floor", title: "the floor", module: module("floor.ts") }

/** What starts and memory are compared with. */
export const bare: Entrant = { name: "bare", title: "bare Node", module: module("bare.ts") }

const effectRpc: Entrant = { name: "effect-rpc", title: "plain Effect RPC", module: module("effectRpc.ts") }

const peers: ReadonlyArray<Entrant> = [
  { name: "fork-json", title: "fork, JSON", module: module("../peers/forkJson.js"), needs: "peers" },
  { name: "fork-clone", title: "fork, clone", module: module("../peers/forkClone.js"), needs: "peers" },
  { name: "vscode-jsonrpc", title: "vscode-jsonrpc", module: module("../peers/jsonrpc.js"), needs: "peers" },
  { name: "mcp", title: "MCP", module: module("../peers/mcp.js"), needs: "peers" },
  { name: "tinypool", title: "tinypool", module: module("../peers/tinypool.js"), needs: "peers" },
]

/** Those whose calls are measured, the floor first. */
export const callers: ReadonlyArray<Entrant> = [
  floor,
  { name: "whole-way", title: "formae, the whole way", module: module("wholeWay.ts"), needs: "plugins" },
  { name: "rpc-layer", title: "formae, its rpc layer", module: module("rpcLayer.ts") },
  effectRpc,
  ...peers,
]

/** Those whose start and memory are measured, bare Node first. */
export const starters: ReadonlyArray<Entrant> = [
  bare,
  { name: "fake-aws", title: "formae, fake-aws", module: module("fakeAws.ts"), needs: "plugins" },
  { name: "aws", title: "formae, aws", module: module("aws.ts"), needs: "plugins" },
  { name: "azure", title: "formae, azure", module: module("azure.ts"), needs: "plugins" },
  effectRpc,
  ...peers,
]
