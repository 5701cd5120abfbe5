/** Who is measured, and at what. */
export interface Entrant {
  readonly name: string
  readonly title: string
  /** Relative to scripts/bench. */
  readonly module: string
  /** Those of peers are installed at first use. */
  readonly peer?: true
}

export const floor: Entrant = { name: "floor", title: "the floor", module: "contestants/floor.ts" }
export const bare: Entrant = { name: "bare", title: "bare Node", module: "contestants/bare.ts" }

const effectRpc: Entrant = { name: "effect-rpc", title: "plain Effect RPC", module: "contestants/effectRpc.ts" }

const peers: ReadonlyArray<Entrant> = [
  { name: "fork-json", title: "fork, JSON", module: "peers/forkJson.js", peer: true },
  { name: "fork-clone", title: "fork, clone", module: "peers/forkClone.js", peer: true },
  { name: "vscode-jsonrpc", title: "vscode-jsonrpc", module: "peers/jsonrpc.js", peer: true },
  { name: "mcp", title: "MCP", module: "peers/mcp.js", peer: true },
  { name: "tinypool", title: "tinypool", module: "peers/tinypool.js", peer: true },
]

/** All that answer calls, the floor first. */
export const callers: ReadonlyArray<Entrant> = [
  floor,
  { name: "whole-way", title: "formae, the whole way", module: "contestants/wholeWay.ts" },
  { name: "rpc-layer", title: "formae, its rpc layer", module: "contestants/rpcLayer.ts" },
  effectRpc,
  ...peers,
]

/** All whose start and memory are measured, bare Node first. */
export const starters: ReadonlyArray<Entrant> = [
  bare,
  { name: "fake-aws", title: "formae, fake-aws", module: "contestants/fakeAws.ts" },
  { name: "aws", title: "formae, aws", module: "contestants/aws.ts" },
  { name: "azure", title: "formae, azure", module: "contestants/azure.ts" },
  effectRpc,
  ...peers,
]
