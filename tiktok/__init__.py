"""The mind: what TikTok's URLs, requests, answers and refusals mean. Pure values in, pure values out."""
