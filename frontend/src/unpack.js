/** A file that a script carries as text: compressed, then in base64. */

/** Return the file as a fetch would answer. */
export function unpack(text, type = "") {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "Content-Type": type } });
}
