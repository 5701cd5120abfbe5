/** Paths that a part writes, as paths from the folder of the whole document. */

/** The folder of a path. The one of the document is "". */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

/** A path from a folder, as one from the folder of the document. One that begins elsewhere stays as it is. */
export const pathFrom = (folder: string, path: string): string =>
  folder === "" || /^([/\\]|[A-Za-z]:)/.test(path) ? path : `${folder}/${path.replace(/^(\.\/)+/, "")}`
