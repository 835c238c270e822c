/** Path of the server as the browser sees it, with a closing slash: `/`, or `/narthex/` behind a prefix. */
export function basePath(): string {
  return new URL('.', document.baseURI).pathname;
}

/** Address of a path of the server, e.g. `api/v1/query`, under whatever prefix it is served. */
export function serverPath(path: string): string {
  return basePath() + path.replace(/^\//, '');
}
