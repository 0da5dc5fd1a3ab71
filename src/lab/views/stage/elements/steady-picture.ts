/** A picture that changes with time, and never flickers: a change that comes too soon after another waits; see `FlashGuard`. */
import { customElement } from 'lit/decorators.js';
import { FlashGuard } from '../../../services/flash-guard';
import { drawPicture, PictureView } from '../../../ui/picture-view';

@customElement('steady-picture')
export class SteadyPicture extends PictureView {
  private readonly flashes = new FlashGuard();
  private later = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.later);
  }

  protected override draw(): void {
    const { canvas, picture } = this;
    clearTimeout(this.later);
    if (!canvas || !picture) return super.draw();
    const now = performance.now();
    const early = this.flashes.delay(picture.values, now);
    if (early > 0) {
      this.later = window.setTimeout(() => this.draw(), early);
      return;
    }
    this.flashes.showed(picture.values, now);
    drawPicture(canvas, picture);
  }
}
