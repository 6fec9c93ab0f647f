/** A multipart/form-data body as a mail provider makes it. */
export function multipart(
  fields: readonly { field: string; content: Buffer }[],
  files: readonly { field: string; fileName: string; content: Buffer }[] = [],
): { body: Buffer; contentType: string } {
  const boundary = 'xYzZY-own-boundary-7';
  const part = (head: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      content,
      Buffer.from('\r\n'),
    ]);
  const parts = [
    ...fields.map(({ field, content }) => part(`name="${field}"`, content)),
    ...files.map(({ field, fileName, content }) =>
      part(`name="${field}"; filename="${fileName.replace(/["\\]/g, '\\$&')}"`, content),
    ),
  ];
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
