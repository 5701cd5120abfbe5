/** The plugin for the namespace __namespace__. To add a resource type, write a file beside this one and list it in `types`. */
import { definePlugin } from "formae/plugin"
import { TextFile } from "./TextFile.ts"

export const plugin = definePlugin({
  // The same as in formae-plugin.json.
  name: "__name__",
  namespace: "__namespace__",
  version: "0.1.0",
  types: [TextFile],
})
