// What a page of the shop does once it is open: it shows the products it came with, and fetches more of its list
// when somebody scrolls. The front page and categories want their button pressed instead.
(() => {
  const loaded = JSON.parse(document.getElementById('__MODERN_ROUTER_DATA__').textContent).loaderData;
  const page = Object.values(loaded).find((node) => node && node.page_config);
  const root = document.getElementById('root');
  const NEAR_PX = 600;
  if (!page) return;

  const element = (tag, parent, text = '', attributes = {}) => {
    const made = parent.appendChild(document.createElement(tag));
    made.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  };
  const kinds = {
    feed_list_search_word: 's', feed_list_store: 'store', feed_list_category: 'c', feed_list_popular: 'home', feed_list_savings: 'home',
  };
  const wantsButton = (kind) => kind === 'c' || kind === 'home';

  const show = (products, box) => products.forEach((product) => {
    const link = (product.seo_url && product.seo_url.canonical_url) || product.seo_url || `/view/product/${product.product_id}`;
    const price = product.product_price_info;
    const card = element('a', box, product.title, { href: link, style: 'display:inline-block;width:24%;height:300px;overflow:hidden' });
    element('span', card, `${price.currency_symbol}${price.sale_price_format}`);
    element('span', card, `${product.sold_info.sold_count} sold`);
  });

  class Feed {
    constructor(component) {
      const data = component.component_data;
      const { component_type, component_name, fe_config } = component;
      Object.assign(this, { kind: kinds[component_name], params: data.load_more_params, hasMore: data.has_more, isBusy: false });
      this.component = JSON.stringify({ component_type, component_name, fe_config });
      this.box = element('div', root, '', { 'data-e2e': component_name });
      show(data.products || data.categoryProductsData.productList, this.box);
      if (wantsButton(this.kind)) this.offer();
      else window.addEventListener('scroll', () => this.isNear() && this.more(), { passive: true });
    }

    isNear() {
      const { scrollTop, clientHeight, scrollHeight } = document.scrollingElement;
      return scrollTop + clientHeight > scrollHeight - NEAR_PX;
    }

    // On scrolling the button presses itself, as it does where the real site has loaded a page or two.
    offer() {
      this.button = element('button', root, this.hasMore ? 'View more' : 'No more products', { 'data-e2e': 'view-more' });
      this.button.addEventListener('click', () => this.more());
      window.addEventListener('scroll', () => this.isNear() && this.more(), { passive: true });
    }

    async more() {
      if (this.isBusy || !this.hasMore) return;
      this.isBusy = true;
      const address = `/api/shop/brandy_desktop/${this.kind}/product_list?user_language=en&device_platform=web`;
      const body = JSON.stringify({ component_info: this.component, load_more_params: JSON.stringify(this.params) });
      try {
        const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
        const { data } = await answer.json();
        if (!data) throw new Error('refused');
        show(data.products, this.box);
        this.params = data.load_more_params;
        this.hasMore = data.has_more;
        this.isBusy = false;
        if (this.button && !this.hasMore) this.button.textContent = 'No more products';
        if (this.isNear()) this.more();
      } catch (error) {
        const apology = element('div', this.box, 'Something went wrong ');
        element('button', apology, 'Refresh').addEventListener('click', () => {
          apology.remove();
          this.isBusy = false;
          this.more();
        });
      }
    }
  }

  const feeds = page.page_config.components_map.filter((part) => kinds[part.component_name] && part.component_data);
  if (feeds.length) feeds.forEach((part) => new Feed(part));
  else if (page.route_info.page_name === 'search') element('p', root, 'No results found');
  const product = page.page_config.components_map.find((part) => part.component_name === 'product_info');
  if (product && product.component_data.error_code) element('p', root, product.component_data.error_message);
})();
