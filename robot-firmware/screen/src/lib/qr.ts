import qrcode from "qrcode-generator";

/** A quiet zone of four modules belongs to the symbol (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code as the path of its dark modules, with the side of the square that holds it. */
export function qrPath(text: string): { size: number; path: string } {
  const code = qrcode(0, "M");
  code.addData(
    new TextEncoder().encode(text).reduce((bytes, byte) => bytes + String.fromCharCode(byte), ""),
  );
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    }
  }
  return { size: count + 2 * QUIET, path };
}
