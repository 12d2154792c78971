"""What `scrapy doctor` looks at: the parts a crawl stands on, who asks, and each route of each operation."""
