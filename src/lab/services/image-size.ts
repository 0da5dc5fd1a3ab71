/** The size of an image, read from its first bytes, so that a huge one is refused before it is decoded. */

export type ImageHeader = {
  readonly format: 'PNG' | 'GIF' | 'JPEG' | 'WebP';
  /** Pixels; null where the header does not tell. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

function text(view: DataView, offset: number, length: number): string {
  if (offset + length > view.byteLength) return '';
  let out = '';
  for (let i = 0; i < length; i++) out += String.fromCharCode(view.getUint8(offset + i));
  return out;
}

/** Walks a JPEG's segments to its frame header (ITU T.81, B.2.2). */
function jpegSize(view: DataView): ImageHeader['size'] {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const startOfFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startOfFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Reads the canvas size of any of WebP's three layouts (RFC 9649, Sections 2.5–2.7). */
function webpSize(view: DataView): ImageHeader['size'] {
  if (view.byteLength < 30) return null;
  const uint24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (text(view, 12, 4)) {
    case 'VP8X':
      return { width: 1 + uint24(24), height: 1 + uint24(27) };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

/** What an image's bytes say it is; null when they are none of the four formats. */
export function readImageHeader(bytes: ArrayBuffer): ImageHeader | null {
  const view = new DataView(bytes);
  if (text(view, 0, 8) === '\x89PNG\r\n\x1a\n') {
    const whole = view.byteLength >= 24 && text(view, 12, 4) === 'IHDR';
    return { format: 'PNG', size: whole ? { width: view.getUint32(16), height: view.getUint32(20) } : null };
  }
  if (/^GIF8[79]a$/.test(text(view, 0, 6))) {
    const size =
      view.byteLength >= 10 ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : null;
    return { format: 'GIF', size };
  }
  if (view.byteLength > 3 && view.getUint16(0) === 0xffd8) return { format: 'JPEG', size: jpegSize(view) };
  if (text(view, 0, 4) === 'RIFF' && text(view, 8, 4) === 'WEBP')
    return { format: 'WebP', size: webpSize(view) };
  return null;
}
