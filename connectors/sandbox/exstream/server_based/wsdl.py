"""The engine service's own description, as its clients read it (exstream 1.7 and 2.9; types CONFIRMED by S6)."""

from typing import Final

NAMESPACE: Final = "urn:hpexstream-services/Engine"

_SCHEMA: Final = f"""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="{NAMESPACE}" targetNamespace="{NAMESPACE}">
  <xs:element name="Compose" type="e:Compose"/>
  <xs:element name="ComposeResponse" type="e:ComposeResponse"/>
  <xs:element name="EngineServiceException" type="e:EngineServiceException"/>
  <xs:complexType name="Compose"><xs:sequence>
    <xs:element name="EWSComposeRequest" type="e:ewsComposeRequest" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="ewsComposeRequest"><xs:sequence>
    <xs:element name="driver" type="e:driverFile" minOccurs="0"/>
    <xs:element name="driverEncoding" type="xs:string" minOccurs="0"/>
    <xs:element name="engineOptions" type="e:engineOption" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="fileReturnRegEx" type="xs:string" minOccurs="0"/>
    <xs:element name="includeHeader" type="xs:boolean"/>
    <xs:element name="includeMessageFile" type="xs:boolean"/>
    <xs:element name="outputFile" type="e:output" minOccurs="0"/>
    <xs:element name="pubFile" type="xs:string" minOccurs="0"/>
    <xs:element name="pubFiles" type="e:pubFiles" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="driverFile"><xs:sequence>
    <xs:element name="driver" type="xs:base64Binary" minOccurs="0"/>
    <xs:element name="fileName" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="engineOption"><xs:sequence>
    <xs:element name="name" type="xs:string" minOccurs="0"/>
    <xs:element name="value" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="output"><xs:sequence>
    <xs:element name="directory" type="xs:string" minOccurs="0"/>
    <xs:element name="fileName" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="pubFiles"><xs:sequence>
    <xs:element name="pubFile" type="xs:string" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="ComposeResponse"><xs:sequence>
    <xs:element name="return" type="e:ewsComposeResponse" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="ewsComposeResponse"><xs:sequence>
    <xs:element name="engineMessage" type="xs:base64Binary" minOccurs="0"/>
    <xs:element name="files" type="e:engineOutput" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="statusMessage" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="engineOutput"><xs:sequence>
    <xs:element name="fileHeader" type="e:header" minOccurs="0"/>
    <xs:element name="fileName" type="xs:string" minOccurs="0"/>
    <xs:element name="fileOutput" type="xs:base64Binary" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="header"><xs:sequence>
    <xs:element name="DDAOutputFile" type="xs:boolean"/>
    <xs:element name="defaultExtension" type="xs:string" minOccurs="0"/>
    <xs:element name="fileType" type="xs:string" minOccurs="0"/>
    <xs:element name="messageLength" type="xs:int"/>
    <xs:element name="outputLength" type="xs:int"/>
    <xs:element name="PDL" type="xs:int"/>
    <xs:element name="pageCount" type="xs:int"/>
    <xs:element name="returnCode" type="xs:int"/>
    <xs:element name="userData" type="xs:string" minOccurs="0"/>
    <xs:element name="userDataLength" type="xs:int"/>
    <xs:element name="version" type="xs:int"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="EngineServiceException"><xs:sequence>
    <xs:element name="faultInfo" type="xs:string" minOccurs="0"/>
    <xs:element name="message" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType>
</xs:schema>"""


def described(address: str) -> str:
    """The WSDL of the service at ``address``: document/literal, SOAP 1.1, an empty action."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="EngineService" targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<wsdl:types>{_SCHEMA}
</wsdl:types>
<wsdl:message name="Compose"><wsdl:part name="parameters" element="tns:Compose"/></wsdl:message>
<wsdl:message name="ComposeResponse"><wsdl:part name="parameters" element="tns:ComposeResponse"/></wsdl:message>
<wsdl:message name="EngineServiceException">
  <wsdl:part name="fault" element="tns:EngineServiceException"/>
</wsdl:message>
<wsdl:portType name="EngineWebService">
  <wsdl:operation name="Compose">
    <wsdl:input message="tns:Compose"/>
    <wsdl:output message="tns:ComposeResponse"/>
    <wsdl:fault name="EngineServiceException" message="tns:EngineServiceException"/>
  </wsdl:operation>
</wsdl:portType>
<wsdl:binding name="EngineServicePortBinding" type="tns:EngineWebService">
  <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
  <wsdl:operation name="Compose">
    <soap:operation soapAction=""/>
    <wsdl:input><soap:body use="literal"/></wsdl:input>
    <wsdl:output><soap:body use="literal"/></wsdl:output>
    <wsdl:fault name="EngineServiceException"><soap:fault name="EngineServiceException" use="literal"/></wsdl:fault>
  </wsdl:operation>
</wsdl:binding>
<wsdl:service name="EngineService">
  <wsdl:port name="EngineServicePort" binding="tns:EngineServicePortBinding">
    <soap:address location="{address}"/>
  </wsdl:port>
</wsdl:service>
</wsdl:definitions>"""
