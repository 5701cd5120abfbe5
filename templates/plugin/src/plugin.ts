/** The namespace __namespace__. A new resource type is a file beside this one, and an entry in `types`. */
import { definePlugin } from "formae/plugin"
import { TextFile } from "./TextFile.ts"

export const plugin = definePlugin({
  // As formae-plugin.json has them.
  name: "__name__",
  namespace: "__namespace__",
  version: "0.1.0",
  types: [TextFile],
})
