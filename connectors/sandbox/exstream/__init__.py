"""A stand-in for OpenText Exstream that answers its wire contract and really composes."""

from connectors.sandbox.exstream.app import build
from connectors.sandbox.exstream.offer import Edition, Offer
from connectors.sandbox.exstream.runs import Delivery

__all__ = ["Delivery", "Edition", "Offer", "build"]
